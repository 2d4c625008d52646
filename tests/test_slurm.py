# SPDX-License-Identifier: BSD-3-Clause
"""Batches on a real Slurm, one node, on the loopback interface. Usage: test_slurm.py GAIT [unittest arguments]

Needs munge, slurmctld and slurmd and to be root; leaves with 77 (skipped) and the reason elsewhere."""
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

GAIT = None
N_SESSIONS, N_TASKS = 102, 2


def why_not():
    for tool in ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "sinfo", "scontrol"]:
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            return f"{tool} is not installed"
    return "only root can start Slurm's services" if os.geteuid() else None


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, seconds, happened):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return
        time.sleep(0.2)
    raise AssertionError(f"{what}: not in {seconds} s")


def processes(what):
    """Every process, with the words of its "cmdline" or "environ"."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/{what}", "rb") as f:
                yield int(pid), f.read().split(b"\0")
        except OSError:
            continue


def end_process(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Cluster:
    """munged, slurmctld and slurmd with everything they own in one folder."""

    CONF = """ClusterName=gait
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock,cred_expire=30
SlurmctldPort={control_port}
SlurmdPort={node_port}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=1
MinJobAge=300
ReturnToService=2
KillWait=5
MpiDefault=none
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""

    def __init__(self, folder):
        self.folder = folder
        self.node = socket.gethostname().split(".")[0]
        self.processes = {}
        self.env = dict(os.environ, SLURM_CONF=os.path.join(folder, "slurm.conf"),
                        PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
        for name in ["state", "spool"]:
            os.mkdir(os.path.join(folder, name))
        os.chmod(folder, 0o755)  # munge refuses to serve from a folder others may write to
        key = os.path.join(folder, "munge.key")
        with open(key, "wb") as f:
            f.write(os.urandom(128))
        os.chmod(key, 0o400)
        with open(self.env["SLURM_CONF"], "w") as f:
            f.write(self.CONF.format(folder=folder, host=self.node, cpus=os.cpu_count(),
                                     control_port=free_port(), node_port=free_port()))

    def start(self, name):
        f = self.folder
        words = {"munged": ["munged", "--foreground", "--force", f"--socket={f}/munge.sock", f"--key-file={f}/munge.key",
                            f"--pid-file={f}/munged.pid", f"--log-file={f}/munged.log", f"--seed-file={f}/munged.seed"],
                 "slurmctld": ["slurmctld", "-D"], "slurmd": ["slurmd", "-D"]}[name]
        with open(f"{f}/{name}.out", "ab") as out:
            self.processes[name] = subprocess.Popen(words, env=self.env, stdout=out, stderr=out)

    def kill(self, name):
        self.processes[name].kill()
        self.processes.pop(name).wait()

    def call(self, *words):
        return subprocess.run(words, env=self.env, capture_output=True, text=True, timeout=60)

    def is_up(self):
        try:
            return "idle" in self.call("sinfo", "-h", "-o", "%t").stdout
        except subprocess.TimeoutExpired:
            return False

    def is_empty(self):
        done = self.call("squeue", "-h")
        return done.returncode == 0 and not done.stdout.strip()

    def node_state(self):
        done = self.call("sinfo", "-h", "-o", "%T")
        return done.stdout.strip().rstrip("*") if done.returncode == 0 else "unknown"

    def forget_jobs(self):
        """As if the controller had been killed before it saved its state, which takes it some seconds."""
        for name in os.listdir(os.path.join(self.folder, "state")):
            if name.startswith("job_state"):
                os.unlink(os.path.join(self.folder, "state", name))

    def mend(self):
        """What an administrator does with a node that was taken out: no job is left on it, and it is taken back.

        A controller that has forgotten jobs gives their numbers again. A node that still runs the old ones refuses the new
        ones as duplicates and is drained.
        """
        if self.node_state() not in ("drained", "draining", "down"):
            return False
        self.clear()
        self.call("scontrol", "update", f"NodeName={self.node}", "State=RESUME")
        return True

    def clear(self):
        """Cancels all jobs; those the controller knows nothing of are ended on the node."""
        self.call("scancel", "--user=root")
        try:
            wait_for("an empty queue", 20, self.is_empty)
            wait_for("the end of all jobs", 10, lambda: not self.jobs_on_the_node())
        except AssertionError:
            for pid in self.jobs_on_the_node():
                end_process(pid)

    def logs(self):
        words = ""
        for name in sorted(os.listdir(self.folder)):
            if name.endswith((".log", ".out")):
                with open(os.path.join(self.folder, name), errors="replace") as f:
                    words += f"== {name}\n{f.read()[-3000:]}\n"
        return words

    def up(self):
        for name in ["munged", "slurmctld", "slurmd"]:
            self.start(name)
            if name == "munged":
                wait_for("munge", 20, lambda: os.path.exists(f"{self.folder}/munge.sock"))
        try:
            wait_for("an idle node", 90, self.is_up)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.logs()}") from None

    def strays(self):
        """Process ids of what Slurm started and left: it was told of this folder."""
        told = f"SLURM_CONF={self.env['SLURM_CONF']}".encode()
        return [pid for pid, words in processes("environ") if told in words]

    def jobs_on_the_node(self):
        daemons = {process.pid for process in self.processes.values()}
        return [pid for pid in self.strays() if pid not in daemons and pid != os.getpid()]

    def down(self):
        try:
            self.call("scancel", "--user=root")
        except subprocess.TimeoutExpired:
            pass  # a cluster that does not answer is taken down all the same
        for name in ["slurmd", "slurmctld", "munged"]:
            if name in self.processes:
                self.processes[name].terminate()
                try:
                    self.processes[name].wait(20)
                except subprocess.TimeoutExpired:
                    self.kill(name)
        for pid in self.strays():
            end_process(pid)


class Slurm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.TemporaryDirectory(prefix="gait_slurm_", dir="/var/tmp")
        cls.addClassCleanup(cls.root.cleanup)
        source = os.path.join(cls.root.name, "source")
        os.mkdir(source)
        for i in range(3):
            subprocess.run([GAIT, "simulate", "-q", "--set", "duration_s=10", "--set", "rate_hz=50", "--set", "gyro=0",
                            "--set", f"seed={i + 1}", "-o", f"{source}/run{i}.csv"], check=True)
        cls.manifest = os.path.join(source, "study.tsv")
        with open(cls.manifest, "w") as f:
            f.write("subject_id\tsession_id\tstart_time\tfile\tplacement\tside\n")
            for i in range(N_SESSIONS):
                f.write(f"p{i % 7}\trun{i}\t2026-04-01T{i // 60:02d}:{i % 60:02d}:00Z\trun{i % 3}.csv\tshank\tright\n")
        reference = os.path.join(cls.root.name, "reference")
        subprocess.run([GAIT, "batch", "-q", cls.manifest, "-o", reference], check=True)
        cls.study = sha256(os.path.join(reference, "study.h5"))
        folder = os.path.join(cls.root.name, "slurm")
        os.mkdir(folder)
        cls.cluster = Cluster(folder)
        cls.addClassCleanup(cls.cluster.down)
        cls.cluster.up()

    def setUp(self):
        self.addCleanup(self.cluster.clear)
        self.cluster.mend()
        wait_for("an idle node", 60, self.cluster.is_up)
        self.out = os.path.join(self.root.name, self.id().split(".")[-1])
        script = subprocess.run([GAIT, "slurm-script", self.manifest, "-o", self.out, "--tasks", str(N_TASKS), "--memory",
                                 "500M", "--time", "10"], capture_output=True, text=True, check=True).stdout
        self.assertIn(f"--array=1-{N_TASKS} ", script)
        self.script = self.out + ".sh"
        with open(self.script, "w") as f:
            f.write(script)

    def submit(self):
        done = self.cluster.call("sh", self.script)
        self.assertEqual(done.returncode, 0, done.stderr)

    def wait_until_through(self):
        try:
            wait_for("an empty queue", 300, self.cluster.is_empty)
        except AssertionError as error:
            self.fail(f"{error}\n{self.cluster.call('squeue').stdout}\n{self.cluster.logs()}")

    def is_complete(self):
        """The results know, whatever the queue has forgotten."""
        done = subprocess.run([GAIT, "status", "-q", self.out])
        return done.returncode == 0 and os.path.exists(os.path.join(self.out, "study.h5"))

    def is_idle(self):
        """Nothing is queued or running, and not only for the moment in which a controller has yet to find its jobs."""
        for _ in range(5):
            if not self.cluster.is_empty() or self.running_batches():
                return False
            time.sleep(1)
        return True

    def submit_until_complete(self):
        """What examples/slurm tells a user to do after a loss: run the script again, until the results are all there."""
        end = time.monotonic() + 240
        while not self.is_complete():
            if time.monotonic() > end:
                self.fail(f"not complete\n{self.cluster.call('squeue').stdout}\n{self.log()}\n{self.cluster.logs()}")
            self.cluster.mend()
            if self.is_idle() and not self.is_complete():
                self.submit()
            time.sleep(1)

    def wait_for_summaries(self, n):
        sessions = os.path.join(self.out, "sessions")
        wait_for("summaries", 120, lambda: os.path.isdir(sessions) and len(os.listdir(sessions)) >= n)

    def log(self, most=1500):
        """The end of what each task said."""
        words = ""
        for name in sorted(os.listdir(self.out)):
            if name.startswith("slurm-"):
                with open(os.path.join(self.out, name)) as f:
                    words += f"== {name}\n{f.read()[-most:]}\n"
        return words

    def assertComplete(self):
        done = subprocess.run([GAIT, "status", self.out], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-500:] + self.log())
        study = os.path.join(self.out, "study.h5")
        self.assertTrue(os.path.exists(study), self.log())
        self.assertEqual(sha256(study), self.study, self.log())

    def running_batches(self):
        """Process ids of this test's gait batch, not of its workers."""
        return [pid for pid, words in processes("cmdline") if b"batch" in words and self.out.encode() in words]

    def test_an_array_and_its_merge_make_the_same_study(self):
        self.submit()
        self.wait_until_through()
        self.assertComplete()

    def test_a_killed_task_is_named_and_made_up_for(self):
        self.submit()
        self.wait_for_summaries(5)
        os.kill(self.running_batches()[0], signal.SIGKILL)
        self.wait_until_through()
        done = subprocess.run([GAIT, "merge", self.out], capture_output=True, text=True)
        self.assertEqual(done.returncode, 66, done.stderr)
        self.assertRegex(done.stderr, rf"--shard \d/{N_TASKS}")
        self.submit()
        self.wait_until_through()
        self.assertComplete()

    def test_a_task_that_has_to_make_room_goes_on_later(self):
        self.submit()
        self.wait_for_summaries(5)
        os.kill(self.running_batches()[0], signal.SIGTERM)  # leaves with 75 and is queued again
        self.wait_until_through()
        self.assertIn("interrupted", self.log(most=1 << 20))
        self.assertComplete()

    def test_a_controller_that_is_killed_and_forgets_its_jobs_loses_nothing(self):
        self.submit()
        self.wait_for_summaries(5)
        self.cluster.kill("slurmctld")
        self.cluster.forget_jobs()
        self.cluster.start("slurmctld")
        wait_for("the controller", 60, lambda: self.cluster.call("sinfo").returncode == 0)
        self.submit_until_complete()
        self.assertComplete()


if __name__ == "__main__":
    GAIT = os.path.abspath(sys.argv.pop(1))
    if why_not():
        print(f"skipped: {why_not()}")
        sys.exit(77)
    unittest.main()
