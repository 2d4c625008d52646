# SPDX-License-Identifier: BSD-3-Clause
"""Scores the program on recordings with ground truth and prints the README's accuracy tables.

Usage: accuracy.py GAIT README [--write] [--detectors] [--worst] [--only WORD]
  --write      put the tables into the README
  --detectors  also every published method beside the default (always with --write)
  --worst      also the recordings that are wrong and sure of themselves
  --only WORD  rows whose label or set contains the word
  --jobs N     programs at a time [2]
The folder of recordings comes from GAIT_DATA_DIR."""
import math
import os
import re
import statistics
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scoring import (Bench, cadence_differences, judged_events, left_out_coverage, left_out_rmse, match, matched_events,
                     moments, pooled, read_truth, sidecar, steady, within_person_sd)

# ---- what is measured of a set of recordings: each returns (reference rows, text) ----


def events(what, tolerance_ms=50, cut=None, detector=None):
    def measure(bench, pattern):
        s = pooled(bench.scores(pattern, what, tolerance_ms, detector, cut))
        if cut:
            return s["n"], f"F1 {s['f1']:.3f}, {s['rmse']:.1f} ms"
        return s["n"], f"F1 {s['f1']:.3f}, {s['rmse']:.1f} ms, coverage {s['coverage']:.2f}"
    return measure


def refitted(what):
    """Where the recordings scored are those that the constant comes from."""
    def measure(bench, pattern):
        scored = bench.scores(pattern, what)
        s, covered = pooled(scored), left_out_coverage(matched_events(bench, pattern, what))
        return s["n"], f"F1 {s['f1']:.3f}, {left_out_rmse(scored):.1f} ms, coverage {covered:.2f}"
    return measure


def people_apart(what):
    def measure(bench, pattern):
        scored = bench.scores(pattern, what)
        s, covered = pooled(scored), left_out_coverage(matched_events(bench, pattern, what))
        return s["n"], (f"F1 {s['f1']:.3f}, {left_out_rmse(scored):.1f} ms, MAE {s['mae']:.1f} ms, SD within a person "
                        f"{within_person_sd(scored):.1f} ms, coverage {covered:.2f}")
    return measure


def contact_time(bench, pattern):
    scored = bench.scores(pattern, "contact_time_s")
    return pooled(scored)["n"], f"{1000 * left_out_rmse(scored):.1f} ms"


def activity(bench, pattern):
    s = pooled(bench.scores(pattern, "activity"))
    return s["n"], f"{s['recall']:.4f}"


def cadence_windows(detector=None):
    def measure(bench, pattern):
        rows = [d for _, found in cadence_differences(bench, pattern, detector) for d in found]
        near = sum(d is not None and abs(d) <= 1.5 for d in rows)
        return len(rows), f"{near / len(rows):.3f}" if rows else "-"
    return measure


def same_steps_cadence(bench, recording, summary):
    """Mean cadence of the steps that follow each other in both, in % of the reference's; steps half as long again as
    usual are halts."""
    truth = sorted(r["time_s"] for r in read_truth(recording) if r["event"] == "foot_strike")
    found = sorted(float(e["time_s"]) for e in bench.table(summary, "events") if e["type"] == "foot_strike")
    pairs, _ = match(truth, found, 0.1)
    longest_s = 1.5 * statistics.median(intervals(truth))
    steps = [(truth[i + 1] - truth[i], found[pairs[i + 1]] - found[pairs[i]]) for i in pairs
             if pairs.get(i + 1) == pairs[i] + 1 and truth[i + 1] - truth[i] < longest_s]
    return 100 * (sum(t for t, _ in steps) / sum(f for _, f in steps) - 1)


def insole_cadence(bench, pattern):
    scored = bench.scores(pattern, "cadence_spm", 100)
    references = [float(r["value"]) for recording, _ in scored for r in read_truth(recording)
                  if r["event"] == "cadence_spm" and r["value"]]
    s = pooled(scored)
    worst = max(abs(e) for e in bench.each(pattern, None, lambda r, f: same_steps_cadence(bench, r, f)))
    return s["n"], (f"by bout {100 * s['mae'] / statistics.mean(references):.1f} %; by the same steps at most {worst:.1f} % "
                    "in a recording")


def take_turns(truth):
    """Whether the foot switches do, as feet do: one that bounces counts a step twice."""
    sides = [r["side"] for r in truth if r["event"] == "step"]
    return sum(a != b for a, b in zip(sides, sides[1:])) >= 0.97 * (len(sides) - 1)


def phone_steps(bench, pattern):
    """The foot switches of the reference were read 11 times a second, with an unknown delay."""
    errors, clean = [], []
    for recording, rows in bench.scores(pattern, "steps", 500):
        truth = read_truth(recording)
        steps = [float(r["value"]) for r in truth if r["event"] == "steps"]
        if sidecar(recording).get("truth_quality") == "good" and rows:
            errors.append(100 * abs(rows[0]["bias"]) / steps[0])
            if take_turns(truth):
                clean.append(errors[-1])
    all_near, clean_near = (100 * sum(e <= 2 for e in x) / len(x) for x in (errors, clean))
    return len(errors), (f"median {statistics.median(errors):.2f} %, {all_near:.0f} % within 2 % ({clean_near:.0f} % of the {len(clean)} "
                         "whose foot switches take turns)")


def fatigue_strides(bench, pattern):
    """Strides of the 50 that the source cut out, and their mean time less its published mean (which is of other
    strides as well: over the same seconds that of the left leg may be .2 s above that of the right one) and less
    that of the source's own steps."""
    def work(recording, summary):
        truth = read_truth(recording)
        side = sidecar(recording)["side"]
        limb = side in ("left", "right")
        sides = [side] if limb else ["left", "right"]
        events = bench.table(summary, "events")
        n = sum(e["type"] == "foot_strike" for e in events)
        times = [float(s["stride_time_s"]) for s in bench.table(summary, "strides") if s["stride_time_s"]]
        published = [float(r["value"]) for r in truth if r["event"] == "stride_time_s_mean" and r["side"] in sides]
        own = [t for s in sides for t in intervals([r["time_s"] for r in truth if is_step(r) and r["side"] == s])]
        counted = abs(n - (50 if limb else 100)) <= (1 if limb else 2)
        means = [statistics.mean(x) if x else math.inf for x in (times, published, own)]
        return counted, 1000 * (means[0] - means[1]), 1000 * abs(means[0] - means[2])
    rows = bench.each(pattern, None, work)
    right = 100 * sum(counted for counted, _, _ in rows) / len(rows)
    published_ms, own_ms = (statistics.median(r[k] for r in rows) for k in (1, 2))
    return len(rows), (f"count right in {right:.0f} %, time {published_ms:+.1f} ms off the published mean (median), by "
                       f"{own_ms:.1f} ms off the source's own steps")


def intervals(times):
    return [b - a for a, b in zip(times, times[1:])]


def side_shares(detector=None):
    """How many steps take turns as the feet did, and how many files named left and right rightly."""
    def measure(bench, pattern):
        def work(recording, summary):
            truth = [(r["time_s"], r["side"]) for r in read_truth(recording) if is_step(r)]
            found = [(float(e["time_s"]), e["side"]) for e in bench.table(summary, "events")
                     if e["type"] == "foot_strike"]
            pairs, _ = match([t for t, _ in truth], [t for t, _ in found], 0.15)
            same = sum((truth[i][1] == "left") == (found[k][1] in ("left", "a")) for i, k in pairs.items())
            return max(same, len(pairs) - same), len(pairs)
        rows = bench.each(pattern, detector, work)
        n = sum(n for _, n in rows)
        return n, f"{sum(k for k, _ in rows) / n:.3f}"
    return measure


def is_step(row):
    return row["event"] in ("foot_strike", "stride_start", "stride_phase_change") and row["side"] in ("left", "right")


# ---- the table ----

GRF = "bach_shank/*running*", "bach_shank/*walking*"
BACK, FEET = "voisard_walk/*lowback*", "voisard_walk/*foot*"
# what is scored, where, best published on the same recordings, goal, measure
ROWS = [
    ("shank, running: foot strike", GRF[0], "F1 .968, 11.4 ms", "F1 .995, 3.5 ms", refitted("foot_strike")),
    ("shank, running: toe-off", GRF[0], "F1 .932, 16.4 ms", "F1 .995, 5.5 ms", refitted("toe_off")),
    ("shank, walking: foot strike", GRF[1], "F1 .83, 27 ms", "F1 .995, 5 ms", refitted("foot_strike")),
    ("shank, walking: toe-off", GRF[1], "F1 .52, MAE 7.4 ms (network)", "F1 .995, MAE 9 ms, SD within a person 5 ms",
     people_apart("toe_off")),
    ("sacrum, running: foot strike", "alcantara_run/S02*", "F1 .992, 18.9 ms", "F1 .99, level 5.5, slopes 9 ms",
     refitted("foot_strike")),
    ("sacrum, running: contact time", "alcantara_run/S02*", "20 ms", "level 10, slopes 14 ms", contact_time),
    ("tibiae, running: 50 strides", "dragon_fatigue/*tibia*", "-", "count 95 %, time within 1 ms", fatigue_strides),
    ("pelvis, running: 50 strides", "dragon_fatigue/*pelvis*", "-", "count 95 %, time within 1 ms", fatigue_strides),
    ("pelvis, running: steps that alternate rightly", "dragon_fatigue/*pelvis*", "-", "never swapped", side_shares()),
    ("shoe, running: cadence of 10 s within 1.5/min", "fuzzy_run/*", "-", ".95", cadence_windows("foot")),
    ("shoe with gyroscope: the same", "fuzzy_run/*", "-", ".95", cadence_windows()),
    ("waist, walking: cadence of 10 s within 1.5/min", "sisfall_activity/*D0[12]*", ".91", ".995", cadence_windows()),
    ("waist, jogging: cadence of 10 s within 1.5/min", "sisfall_activity/*D0[34]*", ".89", ".995", cadence_windows()),
    ("waist, adults: walk or run per second", "sisfall_activity/SA*", "-", ".998", activity),
    ("waist, older people: walk or run per second", "sisfall_activity/SE*", "-", ".96", activity),
    ("waist, treadmill jog: cadence within 1.5/min", "harlab_mixed/*waist*", "-", "-", cadence_windows()),
    ("ankle, treadmill jog: cadence within 1.5/min", "harlab_mixed/*ankle*", "-", "-", cadence_windows()),
    ("lower back, walking: foot strike", BACK, "F1 .922", "F1 .955", events("foot_strike", 100)),
    ("lower back, walking: steady foot strike", BACK, "-", "F1 .99", events("foot_strike", 100, steady)),
    ("lower back, walking: steps that alternate rightly", BACK, "-", "-", side_shares()),
    ("lower back, insoles: foot strike", "mobgap_walk/*", "F1 .63", "F1 .70", events("foot_strike", 100)),
    ("lower back, insoles: cadence error", "mobgap_walk/*", "1 to 2 steps/min", "2 %", insole_cadence),
    ("feet, walking: foot strike", FEET, "F1 .82, 18.9 ms", "F1 .955, 13 ms", events("foot_strike", detector="foot")),
    ("feet, walking: toe-off", FEET, "F1 .79, 25.6 ms", "F1 .955, 13 ms", events("toe_off", detector="foot")),
    ("feet, walking: steady foot strike", FEET, "-", "F1 .99", events("foot_strike", 50, steady, "foot")),
    ("feet, walking: steady toe-off", FEET, "-", "F1 .99", events("toe_off", 50, steady, "foot")),
    ("feet with gyroscope: foot strike", FEET, "F1 .82, 18.9 ms", "F1 .955, 13 ms", events("foot_strike")),
    ("feet with gyroscope: toe-off", FEET, "F1 .79, 25.6 ms", "F1 .955, 13 ms", events("toe_off")),
    ("feet with gyroscope: steady foot strike", FEET, "-", "F1 .99", events("foot_strike", 50, steady)),
    ("feet with gyroscope: steady toe-off", FEET, "-", "F1 .99", events("toe_off", 50, steady)),
    ("shoe, walking: foot strike", "gaitmap_walk/*", "-", "20 ms", events("foot_strike", detector="foot")),
    ("shoe, walking: toe-off", "gaitmap_walk/*", "-", "20 ms", events("toe_off", detector="foot")),
    ("shoe with gyroscope: foot strike", "gaitmap_walk/*", "-", "20 ms", events("foot_strike")),
    ("shoe with gyroscope: toe-off", "gaitmap_walk/*", "-", "20 ms", events("toe_off")),
    ("phone: steps", "oxford_steps/*", "median 1.1 %", "median .4 %, 92 % within 2 %", phone_steps),
]
HEADING = ["| what | recordings | reference rows | best published, same recordings | goal | reached |",
           "|---|---|---|---|---|---|"]


def table(bench, word):
    lines = list(HEADING)
    for label, pattern, peer, goal, measure in ROWS:
        folder = pattern.split("/")[0]
        if (word in label or word in folder) and bench.recordings(pattern):
            n, reached = measure(bench, pattern)
            lines.append(f"| {label} | `{folder}` | {n} | {peer} | {goal} | {reached} |")
            print(lines[-1], file=sys.stderr)
    return "\n".join(lines)


# ---- the published methods beside the default ----

SIMULATED = 20


def simulate(bench, activity):
    """No recording has a gyroscope on the shank and a truth: runners or walkers of all kinds."""
    folder = os.path.join(bench.folder, "shank-" + activity)
    os.makedirs(folder, exist_ok=True)
    for seed in range(SIMULATED):
        keys = {"placement": "shank", "activity": activity, "vary": 1, "seed": 3000 + seed, "duration_s": 30}
        options = [word for key, value in keys.items() for word in ("--set", f"{key}={value}")]
        bench.run("simulate", "-q", "-o", os.path.join(folder, f"{activity}-{seed:02}.csv.gz"), *options)
    return os.path.join(folder, "*")


CONTESTS = [  # where, tolerance in ms, detectors, the default first
    ("shank, running", GRF[0], 50, ["shank-ensemble", "mercer-2003", "purcell-2006", "sinclair-2013", "aubol-2020"]),
    ("shank, walking", GRF[1], 50, ["shank-ensemble", "mercer-2003", "purcell-2006", "sinclair-2013", "aubol-2020"]),
    ("shank, running, simulated", "run", 50, ["shank-ensemble", "fadillioglu-2020"]),
    ("shank, walking, simulated", "walk", 50, ["shank-ensemble", "fadillioglu-2020"]),
    ("sacrum, running", "alcantara_run/S02*", 50,
     ["sacrum-run", "auvinet-2002", "lee-2010", "reenalda-2021", "wixted-2010", "benson-2019"]),
    ("lower back, walking", BACK, 100, ["back-walk", "mccamley-2012", "shin-2011"]),
    ("feet, walking", FEET, 50, ["foot", "foot-gyro", "falbriard-2018", "rampp-2014"]),
]


def contest(bench, word):
    lines = ["| where | detector | foot strike | toe-off |", "|---|---|---|---|"]
    for where, pattern, tolerance_ms, detectors in CONTESTS:
        if word not in where and word not in pattern:
            continue
        if where.endswith("simulated"):
            pattern = simulate(bench, pattern)
        for detector in detectors:
            cells = []
            for what in ("foot_strike", "toe_off"):
                s = pooled(bench.scores(pattern, what, tolerance_ms, detector))
                cells.append(f"F1 {s['f1']:.3f}, {s['bias']:+.0f} ± {s['sd']:.0f} ms" if s["matched"] else "-")
            lines.append(f"| {where} | `{detector}` | {cells[0]} | {cells[1]} |")
            print(lines[-1], file=sys.stderr)
    return "\n".join(lines)


# ---- is it sure of what is wrong? ----

JUDGED = [("foot_strike", 50, p, d) for p, d in
          [(GRF[0], None), (GRF[1], None), ("alcantara_run/S02*", None), (FEET, "foot"), (FEET, None),
           ("gaitmap_walk/*", "foot"), ("gaitmap_walk/*", None)]]
JUDGED += [("toe_off", 50, p, d) for _, _, p, d in JUDGED]
JUDGED += [(what, 100, p, None) for what in ("foot_strike", "toe_off") for p in (BACK, "mobgap_walk/*")]


def worst(bench, word):
    """Precision tells whether events that were told are wrong, or others missed in stretches not called gait."""
    lines = ["| detector | event | recording | F1 | precision | mean confidence |", "|---|---|---|---|---|---|"]
    right = kept = imprecise = 0
    for what, tolerance_ms, pattern, detector in JUDGED:
        if word not in pattern:
            continue
        for recording, rows in bench.scores(pattern, what, tolerance_ms, detector):
            s = moments(rows)
            sure = rows[0]["mean_confidence"] if rows else None
            if sure is None:
                continue
            right += s["f1"] >= 0.9
            kept += s["f1"] >= 0.9 and sure >= 0.5
            if s["f1"] < 0.9 and sure >= 0.5:
                precision = s["matched"] / s["detected"]
                imprecise += precision < 0.9
                name = os.path.basename(recording)[:-len(".csv.gz")]
                lines.append(f"| {detector or 'default'} | {what} | {name} | {s['f1']:.3f} | {precision:.3f} | {sure:.2f} |")
                print(lines[-1], file=sys.stderr)
    print(f"wrong and confident: {len(lines) - 2} event sets, {imprecise} of them in what they tell; "
          f"right and confident: {kept} of {right}", file=sys.stderr)
    return "\n".join(lines)


def trust(bench, word):
    lines = ["| recordings | detector | event | covered | events with confidence of .9 | of them wrong |",
             "|---|---|---|---|---|---|"]
    for what, tolerance_ms, pattern, detector in JUDGED:
        if word not in pattern:
            continue
        s = pooled(bench.scores(pattern, what, tolerance_ms, detector))
        judged = judged_events(bench, pattern, what, tolerance_ms / 1000, detector)
        sure = [right for confidence, right in judged if confidence >= 0.9]
        share = f"{100 * sum(not r for r in sure) / len(sure):.1f} %" if sure else "-"
        lines.append(f"| `{pattern.split('/')[0]}` | {detector or 'default'} | {what} | {s['coverage']:.2f} | "
                     f"{len(sure)} of {len(judged)} | {share} |")
        print(lines[-1], file=sys.stderr)
    return "\n".join(lines)


def put(readme, marker, fresh):
    with open(readme) as f:
        text = f.read()
    text = re.sub(rf"(<!-- {marker} -->)\n.*?(<!-- end -->)", lambda m: f"{m.group(1)}\n{fresh}\n{m.group(2)}", text,
                  flags=re.S)
    with open(readme, "w") as f:
        f.write(text)


def main():
    gait, readme = sys.argv[1:3]
    word = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    jobs = int(sys.argv[sys.argv.index("--jobs") + 1]) if "--jobs" in sys.argv else 2
    data = os.environ.get("GAIT_DATA_DIR")
    if not data:
        print("skipped: GAIT_DATA_DIR is not set")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(gait, data, folder, jobs)
        tables = {"accuracy": table(bench, word)}
        if "--worst" in sys.argv:
            tables["worst"], tables["trust"] = worst(bench, word), trust(bench, word)
        if "--detectors" in sys.argv or "--write" in sys.argv:
            tables["detectors"] = contest(bench, word)
    print("\n\n".join(tables.values()))
    if "--write" in sys.argv:
        for marker in ("accuracy", "detectors"):
            put(readme, marker, tables[marker])


main()
