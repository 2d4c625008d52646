# SPDX-License-Identifier: BSD-3-Clause
"""Makes lib/gait/detect/foot_model.h: what foot strike, toe-off and stance look like at a foot sensor.

    train_foot.py TOOL DATA > lib/gait/detect/foot_model.h

TOOL is the built program foot_training, which supplies simulated runners and computes the same
streams as the library; DATA is a folder with gaitmap_walk (MIT licence): the walk of one person with
strikes and toe-offs from motion capture, which is replayed here slower and quicker, with shorter
steps, turns and halts, and from other places on the foot. Needs numpy alone; the same input gives
the same bytes.
"""
import csv
import gzip
import json
import os
import subprocess
import sys

import numpy as np

SEED = 20240917
GRID_HZ = 100
G_MPS2 = 9.80665

N_RUNNERS = 1200
RUN_SECONDS = 14
N_WALKS = 60  # replays of each recorded walk

WALK = dict(kind="walk", reach=24, step=3, ridge=100.0)
RUN = dict(kind="run", reach=24, step=3, ridge=30.0)
RUN_GYRO = dict(kind="run-gyro", reach=24, step=3, ridge=30.0)




def pack(recording):
    head = [recording["rate_hz"], len(recording["accel"]), 1.0, len(recording["events"])]
    parts = [head, recording["accel"].ravel(), recording["gyro"].ravel(), recording["events"].ravel()]
    return np.concatenate(parts).astype("<f8").tobytes()


def run_tool(tool, arguments, data=b""):
    command = [tool] + [str(a) for a in arguments]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def unpack_events(data):
    """The events of every recording of a stream of recordings."""
    x, at, out = np.frombuffer(data, "<f8"), 0, []
    while at < len(x):
        n, has_gyro, n_events = int(x[at + 1]), int(x[at + 2]), int(x[at + 3])
        at += 4 + 3 * n * (1 + has_gyro)
        out.append(x[at:at + 2 * n_events].reshape(-1, 2))
        at += 2 * n_events
    return out


def streams_of(tool, kind, data):
    x, at, out = np.frombuffer(run_tool(tool, ["streams", kind], data), "<f8"), 0, []
    while at < len(x):
        n, count = int(x[at]), int(x[at + 1])
        out.append(x[at + 2:at + 2 + n * count].reshape(count, n).T)
        at += 2 + n * count
    return out




def rotations(vectors):
    """Rotation matrices of rotation vectors, n x 3."""
    angle = np.linalg.norm(vectors, axis=1)
    x, y, z = (vectors / np.maximum(angle, 1e-12)[:, None]).T
    zero = np.zeros_like(x)
    k = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1).reshape(-1, 3, 3)
    s, c = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.eye(3) + s * k + (1 - c) * (k @ k)


def rotation_vectors(matrices):
    w = np.stack([matrices[:, 2, 1] - matrices[:, 1, 2], matrices[:, 0, 2] - matrices[:, 2, 0],
                  matrices[:, 1, 0] - matrices[:, 0, 1]], 1) / 2
    sine = np.linalg.norm(w, axis=1)
    cosine = (np.trace(matrices, axis1=1, axis2=2) - 1) / 2
    return w * (np.arctan2(sine, cosine) / np.maximum(sine, 1e-12))[:, None]


def from_angles(yaw, pitch, roll):
    zero = np.zeros_like(yaw)
    turn = rotations(np.stack([zero, zero, yaw], 1)) @ rotations(np.stack([zero, pitch, zero], 1))
    return turn @ rotations(np.stack([roll, zero, zero], 1))


def to_angles(matrices):
    yaw = np.unwrap(np.arctan2(matrices[:, 1, 0], matrices[:, 0, 0]))
    pitch = np.arcsin(np.clip(-matrices[:, 2, 0], -1, 1))
    roll = np.arctan2(matrices[:, 2, 1], matrices[:, 2, 2])
    return yaw, pitch, roll


def apply(matrices, vectors):
    return np.einsum("nij,nj->ni", matrices, vectors)


def lowpass(x, rate_hz, cutoff_hz, order=2):
    """Zero-phase Butterworth by the Fourier transform, the ends turned about their points."""
    pad = min(len(x) - 1, int(rate_hz))
    front = 2 * x[:1] - x[pad:0:-1]
    back = 2 * x[-1:] - x[-2:-pad - 2:-1]
    y = np.concatenate([front, x, back])
    f = np.fft.rfftfreq(len(y), 1 / rate_hz)
    gain = 1 / (1 + (np.sqrt(2) - 1) * (f / cutoff_hz) ** (2 * order))
    y = np.fft.irfft(np.fft.rfft(y, axis=0) * gain.reshape(-1, *[1] * (x.ndim - 1)), len(y), axis=0)
    return y[pad:pad + len(x)]


def any_rotation(rng):
    q = rng.normal(size=4)
    w, x, y, z = q / np.linalg.norm(q)
    return np.array([[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                     [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                     [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]])




def load_walk(folder, stem):
    with open(os.path.join(folder, stem + ".json"), encoding="utf-8") as f:
        rate_hz = json.load(f)["sample_rate_hz"]
    with gzip.open(os.path.join(folder, stem + ".csv.gz"), "rt", encoding="utf-8") as f:
        rows = np.array([[float(v) for v in row] for row in list(csv.reader(f))[1:]])
    with open(os.path.join(folder, stem + ".truth.csv"), encoding="utf-8") as f:
        truth = [(row["event"], float(row["time_s"])) for row in csv.DictReader(f)]
    start = rows[0, 0]
    kinds = {"foot_strike": 0.0, "toe_off": 1.0}
    events = sorted((t - start, kinds[e]) for e, t in truth if e in kinds)
    walk = dict(rate_hz=rate_hz, accel=rows[:, 1:4], gyro=rows[:, 4:7],
                events=np.array([(k, t) for t, k in events]))
    walk["unlabelled"] = holes(walk["events"])
    return orient(walk)


def holes(events):
    """Stretches between two events that cannot follow each other: one in between has no label."""
    out = []
    for (k0, t0), (k1, t1) in zip(events[:-1], events[1:]):
        if k0 == k1 or t1 - t0 > 1.0:
            out.append((t0 + 0.15, t1 - 0.15))
    return out


def flat_instants(accel, gyro, rate_hz):
    k = int(0.08 * rate_hz)
    still = np.convolve(np.linalg.norm(gyro, axis=1), np.ones(k) / k, "same") < 20
    still &= np.abs(np.linalg.norm(accel, axis=1) - 1) < 0.08
    at = np.where(still)[0]
    groups = np.split(at, np.where(np.diff(at) > 5)[0] + 1)
    return [int(np.median(g)) for g in groups if len(g) > 0.06 * rate_hz]


def tilt_at(accel, i, yaw):
    x, y, z = accel[max(0, i - 6):i + 7].mean(0)
    return from_angles(np.array([yaw]), np.array([np.arctan2(-x, np.hypot(y, z))]),
                       np.array([np.arctan2(y, z)]))[0]


def orient(walk):
    """Attitude over time: integrated from foot-flat to foot-flat, the drift taken out evenly."""
    accel, rate_hz = walk["accel"], walk["rate_hz"]
    w = np.radians(walk["gyro"])
    n = len(accel)
    flat = flat_instants(accel, walk["gyro"], rate_hz)
    steps = rotations(0.5 * (w[:-1] + w[1:]) / rate_hz)
    r = np.zeros((n, 3, 3))
    r[flat[0]] = tilt_at(accel, flat[0], 0.0)
    for i in range(flat[0], 0, -1):
        r[i - 1] = r[i] @ steps[i - 1].T
    for a, b in zip(flat[:-1], flat[1:]):
        for i in range(a, b):
            r[i + 1] = r[i] @ steps[i]
        yaw = np.arctan2(r[b, 1, 0], r[b, 0, 0])
        drift = rotation_vectors((tilt_at(accel, b, yaw) @ r[b].T)[None])[0]
        share = np.linspace(0, 1, b - a + 1)[:, None]
        r[a:b + 1] = rotations(drift * share) @ r[a:b + 1]
    for i in range(flat[-1], n - 1):
        r[i + 1] = r[i] @ steps[i]
    moving = apply(r, accel) - [0, 0, 1]
    angles = lowpass(np.stack(to_angles(r), 1), rate_hz, 40)
    return dict(walk, flat=flat, angles=angles, moving=moving)


def plan_strides(walk, rng):
    """Per sample: how much slower, how much smaller, how much less pitch, how fast it turns."""
    n, flat = len(walk["accel"]), walk["flat"]
    slow0, small0, pitch0 = rng.uniform(0.85, 1.25), np.exp(0.15 * rng.normal()), rng.uniform(0.75, 1.15)
    slow, small, pitch, turn = (np.full(n, v) for v in (slow0, small0, pitch0, 0.0))
    stride = 0
    while stride < len(flat) - 1:
        kind = rng.choice(3, p=[0.65, 0.25, 0.10])  # steady, turning, one odd step
        count = [rng.integers(3, 7), rng.integers(1, 4), 1][kind]
        for a, b in zip(flat[stride:stride + count], flat[stride + 1:stride + count + 1]):
            if kind == 0:
                slow[a:b] = slow0 * (1 + 0.03 * rng.normal())
                small[a:b] = small0 * (1 + 0.04 * rng.normal())
                continue
            part = rng.uniform(0.1, 0.95)
            slow[a:b] = slow0 * rng.uniform(0.9, 1.35)
            small[a:b] = small0 * part
            pitch[a:b] = pitch0 * np.sqrt(part) * rng.uniform(0.7, 1.1)
            if kind == 1:
                u = np.arange(b - a) / (b - a)
                bump = np.sin(np.pi * np.clip((u - 0.25) / 0.65, 0, 1))
                turn[a:b] = rng.uniform(-1, 1) * np.radians(175) * bump * walk["rate_hz"] / (b - a)
        stride += count
    smooth = np.ones(9) / 9
    slow, small, pitch = (np.convolve(np.pad(v, 4, mode="edge"), smooth, "valid")
                          for v in (slow, small, pitch))
    return slow, small, pitch, np.cumsum(turn) / walk["rate_hz"]


def replay(walk, rng):
    rate_hz, n = walk["rate_hz"], len(walk["accel"])
    slow, small, pitch, turned = plan_strides(walk, rng)
    step_s = slow / rate_hz
    pause_s = np.zeros(n)
    for i in walk["flat"]:
        if rng.uniform() < 0.06:
            pause_s[i] = rng.uniform(0.2, 1.8)
    t = np.concatenate([[0], np.cumsum(step_s + pause_s)[:-1]])

    angles = walk["angles"]
    r = from_angles(angles[:, 0] + turned, angles[:, 1] * pitch, angles[:, 2])
    rate = np.zeros((n, 3))
    rate[:-1] = rotation_vectors(np.swapaxes(r[:-1], 1, 2) @ r[1:]) / step_s[:-1, None]
    rate = lowpass(rate, rate_hz, 40)
    moving = walk["moving"] * (small / slow ** 2)[:, None]
    c, s = np.cos(turned), np.sin(turned)
    moving = np.stack([c * moving[:, 0] - s * moving[:, 1], s * moving[:, 0] + c * moving[:, 1],
                       moving[:, 2]], 1)
    moving += (rng.uniform(0.4, 1.6) - 1) * (moving - lowpass(moving, rate_hz, 12))
    cutoff_hz = rng.uniform(15, 60)
    if cutoff_hz < 50:
        moving = lowpass(moving, rate_hz, cutoff_hz)

    force = apply(np.swapaxes(r, 1, 2), moving + [0, 0, 1])
    lever_m = rng.uniform(-0.07, 0.07, 3) * [1.3, 0.7, 0.7]
    turning = np.gradient(rate, axis=0) / step_s[:, None]
    force += (np.cross(turning, lever_m) + np.cross(rate, np.cross(rate, lever_m))) / G_MPS2
    return sample(walk, t, np.concatenate([force, np.degrees(rate)], 1), rng)


def sample(walk, t, channels, rng):
    """The replay on the 100-Hz grid, as a sensor mounted somehow would record it."""
    channels = lowpass(channels, walk["rate_hz"], 40, order=4)
    grid = np.arange(0, t[-1], 1 / GRID_HZ) + rng.uniform(0, 1 / GRID_HZ)
    grid = grid[grid < t[-1]]
    x = np.stack([np.interp(grid, t, c) for c in channels.T], 1)
    x[:, :3] = x[:, :3] * (1 + 0.01 * rng.normal(size=3)) + 0.02 * rng.normal(size=3)
    x[:, :3] += rng.uniform(0.003, 0.02) * rng.normal(size=(len(x), 3))
    x[:, 3:] += 0.7 * rng.normal(size=3) + rng.uniform(0.3, 1.5) * rng.normal(size=(len(x), 3))
    mounting = any_rotation(rng)
    recorded = np.arange(len(t)) / walk["rate_hz"]
    events = walk["events"].copy()
    events[:, 1] = np.interp(events[:, 1], recorded, t) - grid[0]
    unlabelled = [tuple(np.interp(h, recorded, t) - grid[0]) for h in walk["unlabelled"]]
    return dict(rate_hz=float(GRID_HZ), accel=x[:, :3] @ mounting.T, gyro=x[:, 3:] @ mounting.T,
                events=events, unlabelled=unlabelled)




def labels(events, n, unlabelled):
    """Per sample: in stance, strike here, toe-off here, and whether the labels are known."""
    stance, strike, toe_off, known = np.ones(n), np.zeros(n), np.zeros(n), np.zeros(n, bool)
    kind = events[:, 0]
    at = np.clip(np.round(events[:, 1] * GRID_HZ).astype(int), 0, n - 1)
    strike[at[kind == 0]] = 1
    toe_off[at[kind == 1]] = 1
    for k, a, b in zip(kind[:-1], at[:-1], at[1:]):
        if k == 1:
            stance[a:b] = 0
    before = 30 if kind[0] == 0 else 80
    if kind[0] == 0:
        stance[:at[0]] = 0
    known[max(0, at[0] - before):at[-1] + (80 if kind[-1] == 0 else 15)] = True
    for a, b in unlabelled:
        known[max(0, int(a * GRID_HZ)):max(0, int(b * GRID_HZ))] = False
    return stance, strike, toe_off, known


def taps_of(streams, reach, step):
    """n x (streams * taps), the streams held beyond their ends."""
    n = len(streams)
    held = np.pad(streams, ((reach, reach), (0, 0)), mode="edge")
    shifted = [held[reach + o:reach + o + n] for o in range(-reach, reach + 1, step)]
    return np.stack(shifted, 2).reshape(n, -1)


def nearby(marks, reach):
    return np.convolve(marks, np.ones(2 * reach + 1), "same") > 0


class Fit:
    """Samples of one score, gathered recording by recording, each with the weight that makes up for
    leaving most of the plain ones out."""

    def __init__(self):
        self.rows, self.truth, self.weight = [], [], []

    def gather(self, taps, truth, weight):
        take = weight > 0
        self.rows.append(taps[take].astype(np.float32))
        self.truth.append(truth[take])
        self.weight.append(weight[take])

    def solve(self, mean, sd, ridge):
        """Weights on the streams as they are, then the constant; Newton's method."""
        x = np.concatenate(self.rows)
        y, w = np.concatenate(self.truth), np.concatenate(self.weight)
        x = np.concatenate([(x - mean) / sd, np.ones((len(x), 1))], 1)
        penalty = np.full(x.shape[1], ridge)
        penalty[-1] = 1e-3
        b = np.zeros(x.shape[1])
        b[-1] = np.log((w * y).sum() / (w * (1 - y)).sum())
        for _ in range(14):
            p = 1 / (1 + np.exp(-(x @ b)))
            slope = x.T @ (w * (y - p)) - penalty * b
            bend = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
            move = np.linalg.solve(bend, slope)
            now = self.loss(x, y, w, penalty, b)
            share = 1.0
            while share > 1e-3 and not self.loss(x, y, w, penalty, b + share * move) <= now:
                share /= 2
            b = b + share * move
        return np.append(b[:-1] / sd, b[-1] - (b[:-1] / sd * mean).sum())

    @staticmethod
    def loss(x, y, w, penalty, b):
        score = x @ b
        return (w * (np.logaddexp(0, score) - y * score)).sum() + 0.5 * (penalty * b * b).sum()


def keep(rng, n, share):
    """Weights of a random share of n samples, 0 for the rest."""
    return (rng.uniform(size=n) < share) / share


def gather(fits, taps, events, unlabelled, shares, rng):
    stance, strike, toe_off, known = labels(events, len(taps), unlabelled)
    n = len(taps)
    fits[0].gather(taps, stance, keep(rng, n, shares["stance"]) * known)
    for fit, y in ((fits[1], strike), (fits[2], toe_off)):
        weight = np.where(nearby(y, 20), keep(rng, n, shares["near"]), keep(rng, n, shares["far"]))
        weight = np.where(y == 1, 1.0, np.where(nearby(y, 1), 0.0, weight))
        fit.gather(taps, y, weight * known)


def train(model, batches, shares):
    """batches yields lists of (streams, events, unlabelled)."""
    rng = np.random.default_rng(SEED)
    fits = [Fit(), Fit(), Fit()]
    for batch in batches:
        for streams, events, unlabelled in batch:
            taps = taps_of(streams, model["reach"], model["step"])
            gather(fits, taps, events, unlabelled, shares, rng)
    rows = np.concatenate(fits[0].rows)
    weight = np.concatenate(fits[0].weight)[:, None]
    mean = (rows * weight).sum(0) / weight.sum()
    sd = np.sqrt(((rows - mean) ** 2 * weight).sum(0) / weight.sum())
    return [fit.solve(mean, sd, model["ridge"]) for fit in fits]


def simulated(tool, kind, activity, n, seconds):
    step = 40
    for first in range(0, n, step):
        standing = 2 if first % (4 * step) == 0 else 0
        data = run_tool(tool, ["simulate", activity, 1_000_000 + first, min(step, n - first),
                               f"duration_s={seconds}", f"standing_s={standing}"])
        yield [(s, e, []) for s, e in zip(streams_of(tool, kind, data), unpack_events(data))]


def replayed(tool, folder):
    rng = np.random.default_rng(SEED)
    stems = sorted(f[:-len(".csv.gz")] for f in os.listdir(folder) if f.endswith("foot.csv.gz"))
    walks = [load_walk(folder, stem) for stem in stems]
    for _ in range(N_WALKS):
        batch = [replay(walk, rng) for walk in walks]
        data = b"".join(pack(r) for r in batch)
        yield [(s, r["events"], r["unlabelled"])
               for s, r in zip(streams_of(tool, "walk", data), batch)]




def print_table(name, about, model, scores):
    taps = 2 * model["reach"] // model["step"] + 1
    count = (len(scores[0]) - 1) // taps
    print(f"/* {about} */")
    print(f"static const double {name}_weight[{len(scores)}][{count}][{taps}] = {{")
    for score in scores:
        print("    {")
        for row in score[:-1].reshape(count, taps):
            cells = [f"{v:.4g}" for v in row]
            print("        {" + ", ".join(cells) + "},")
        print("    },")
    print("};")
    print(f"static const double {name}_bias[{len(scores)}] = {{"
          + ", ".join(f"{s[-1]:.5g}" for s in scores) + "};\n")


def main():
    tool, data = sys.argv[1:3]
    walk_shares = dict(stance=0.10, near=0.3, far=0.08)
    run_shares = dict(stance=0.05, near=0.10, far=0.04)
    walk = train(WALK, replayed(tool, os.path.join(data, "gaitmap_walk")), walk_shares)
    run = train(RUN, simulated(tool, "run", "run", N_RUNNERS, RUN_SECONDS), run_shares)
    run_gyro = train(RUN_GYRO, simulated(tool, "run-gyro", "run", N_RUNNERS, RUN_SECONDS), run_shares)
    print("/* SPDX-License-Identifier: BSD-3-Clause */\n/* clang-format off */")
    print("#ifndef GAIT_FOOT_MODEL_H\n#define GAIT_FOOT_MODEL_H\n")
    print("/* Made by tests/bench/train_foot.py; do not edit. Rows: stance, strike, toe-off; streams;")
    print(" * taps from before to after the instant, 30 ms apart. */\n")
    print_table("foot_walk", f"{2 * N_WALKS} replays of the walk of one person (gaitmap, MIT licence).",
                WALK, walk)
    print_table("foot_run", f"{N_RUNNERS} simulated runners, accelerometer alone.", RUN, run)
    print_table("foot_run_gyro", f"{N_RUNNERS} simulated runners, with gyroscope.", RUN_GYRO, run_gyro)
    print("#endif")


if __name__ == "__main__":
    main()
