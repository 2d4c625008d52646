# SPDX-License-Identifier: BSD-3-Clause
"""What pronation measures and findings are worth on simulated runners nothing was fitted to.

    pronation.py PRONATION_RATES [COUNT] [PART]...

PRONATION_RATES is the built program pronation_rates; COUNT runners (300) for each line, drawn as varied
as the simulator can, and two ways to roll that no constant has seen. The constants of the gyroscope
and the index were fitted on other seeds of the first way. Every line runs the whole library: a
recording is written, read, analysed and judged. PARTs: excursions indexes rates sides drifts; all if
none is named. Runs of 40 minutes are a fifth as many.
"""
import subprocess
import sys

FIRST = 500_001


def runs(tool, count, sensor, metric, *keys):
    command = [tool, str(FIRST), str(count), sensor, metric, *keys]
    lines = [line.split() for line in
             subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()]
    pairs = [(float(line[2]), float(line[3])) for line in lines if line[0] == "run"]
    found = {}
    for line in lines:
        if line[0] == "finding":
            found[line[1]] = found.get(line[1], 0) + int(line[3])
    return [p for p in pairs if p[1] == p[1]], found


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = [0] * len(values)
    for place, index in enumerate(order):
        rank[index] = place
    return rank


def correlation(x, y):
    mx, my = sum(x) / len(x), sum(y) / len(y)
    top = sum((a - mx) * (b - my) for a, b in zip(x, y))
    return top / (sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y)) ** 0.5


def row(what, goal, reached):
    print(f"| {what} | {goal} | {reached} |", flush=True)


def excursions(tool, count):
    for family, goal in (("base", "bias .5, SD 1.2 deg"), ("shifted", "bias .5, SD 1.2 deg"),
                         ("fast", "bias .5, SD 1.5 deg")):
        pairs, _ = runs(tool, count, "foot", "pronation_excursion_deg", "duration_s=45", f"roll_family={family}")
        errors = [found - true for true, found in pairs]
        bias = sum(errors) / len(errors)
        spread = (sum((e - bias) ** 2 for e in errors) / len(errors)) ** 0.5
        row(f"excursion by gyroscope, {family} roll, {len(pairs)} runners", goal,
            f"bias {bias:+.2f}, SD {spread:.2f} deg")


def indexes(tool, count):
    for family in ("base", "shifted", "fast"):
        for standing, goal in ((0, ".88"), (5, ".90")):
            pairs, _ = runs(tool, count, "foot", "pronation_index", "gyro=0", f"standing_s={standing}",
                            f"duration_s={45 + standing}", f"roll_family={family}")
            rank = correlation(ranks([p[0] for p in pairs]), ranks([p[1] for p in pairs]))
            words = "after standing still" if standing else "without standing"
            row(f"index by accelerometer {words}, {family} roll, {len(pairs)} runners: rank correlation",
                goal, f"{rank:.3f}")


def rates(tool, count):
    kinds = (("gyroscope", ["gyro=1", "duration_s=60"], ".97 / .01"),
             ("accelerometer after standing still", ["gyro=0", "standing_s=5", "duration_s=65"], ".90 / .08"),
             ("accelerometer", ["gyro=0", "duration_s=60"], ".90 / .08"))
    for words, keys, goal in kinds:
        share = []
        for excursion in (16, 8):
            _, found = runs(tool, count, "foot", "pronation_index", f"eversion_deg={excursion}", *keys)
            share.append(found.get("overpronation", 0) / count)
        row(f"`overpronation` at 16 / at 8 deg, {words}, {count} runners each", goal,
            f"{share[0]:.3f} / {share[1]:.3f}")


def drifts(tool, count):
    run = ["duration_s=2400", "rate_hz=100"]
    tired = ["fatigue_impact_percent=15", "fatigue_cadence_percent=-3", "fatigue_eversion_deg=3"]
    for words, keys in (("gyroscope", ["gyro=1"]),):
        _, with_fatigue = runs(tool, count, "foot", "pronation_excursion_deg", *run, *tired, *keys)
        _, steady = runs(tool, count, "foot", "pronation_excursion_deg", *run, *keys)
        row(f"`pronation_drift` in 40 min with 3 deg more / steady, {words}, {count} runs each", ".95 / .05",
            f"{with_fatigue.get('pronation_drift', 0) / count:.3f} / {steady.get('pronation_drift', 0) / count:.3f}")


def sides(tool, count):
    _, found = runs(tool, count, "feet", "pronation_excursion_deg", "duration_s=60")
    row(f"`pronation_asymmetry` of equal feet, {count} runners", ".05",
        f"{found.get('pronation_asymmetry', 0) / count:.3f}")


PARTS = {"excursions": excursions, "indexes": indexes, "rates": rates, "sides": sides, "drifts": drifts}


def main():
    tool, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300
    print("| what | goal | reached |\n|---|---|---|")
    for name in sys.argv[3:] or PARTS:
        PARTS[name](tool, max(count // 5, 1) if name == "drifts" else count)


if __name__ == "__main__":
    main()
