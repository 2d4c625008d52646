# SPDX-License-Identifier: BSD-3-Clause
"""Makes lib/gait/pronation_model.h: how far the foot rolls inwards, read from accelerations alone.

    train_pronation.py TOOL > lib/gait/pronation_model.h

TOOL is the built program pronation_training, which simulates runners, finds their strides and axes
as the library does and gives the numbers that describe their median stride. A small network is
fitted to the true excursion, once for runners of whom nothing else is known and once for runners
who stood still before. Needs numpy alone. What the fit is worth on fresh runners goes to standard
error.
"""
import subprocess
import sys

import numpy as np

SEED = 20240917
N_RUNNERS = 12000
N_TEST = 600
INPUTS = 74
HIDDEN = 12
DECAY = 2e-3  # of the weights, against the mean squared error in units of SPREAD_DEG
SPREAD_DEG = 5.0
EPOCHS = 150
BATCH = 100


def runners(tool, first, count, *keys):
    command = [tool, "inputs", str(first), str(count), *keys]
    data = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    rows = np.frombuffer(data, "<f8").reshape(-1, 2 + INPUTS)
    rows = rows[np.isfinite(rows).all(1)]
    return rows[:, 2:], rows[:, 0]


class Network:
    def __init__(self, x, y, rng):
        self.center, self.scale, self.middle = x.mean(0), x.std(0), y.mean()
        self.weights = [rng.normal(size=(INPUTS, HIDDEN)) * np.sqrt(2 / INPUTS), np.zeros(HIDDEN),
                        rng.normal(size=HIDDEN) * np.sqrt(1 / HIDDEN), np.zeros(1)]
        self.fit(self.standard(x), (y - self.middle) / SPREAD_DEG, rng)

    def standard(self, x):
        return np.clip((x - self.center) / self.scale, -4, 4)

    def layers(self, z):
        a, b, c, d = self.weights
        hidden = np.maximum(z @ a + b, 0)
        return hidden, hidden @ c + d[0]

    def slopes(self, z, y):
        a, _, c, _ = self.weights
        hidden, out = self.layers(z)
        error = 2 * (out - y) / len(y)
        back = np.outer(error, c) * (hidden > 0)
        return [z.T @ back + 2 * DECAY * a / INPUTS, back.sum(0), hidden.T @ error + 2 * DECAY * c,
                np.array([error.sum()])]

    def fit(self, z, y, rng):
        """Adam, the steps falling to nothing along a cosine."""
        first = [np.zeros_like(w) for w in self.weights]
        second = [np.zeros_like(w) for w in self.weights]
        step, steps = 0, EPOCHS * (len(y) // BATCH)
        for _ in range(EPOCHS):
            order = rng.permutation(len(y))
            for at in range(0, len(y) - BATCH + 1, BATCH):
                step += 1
                take = order[at:at + BATCH]
                rate = 4e-3 * 0.5 * (1 + np.cos(np.pi * step / steps))
                for i, g in enumerate(self.slopes(z[take], y[take])):
                    first[i] += 0.1 * (g - first[i])
                    second[i] += 0.001 * (g * g - second[i])
                    mean = first[i] / (1 - 0.9 ** step)
                    size = np.sqrt(second[i] / (1 - 0.999 ** step)) + 1e-8
                    self.weights[i] = self.weights[i] - rate * mean / size

    def predict(self, x):
        return self.layers(self.standard(x))[1] * SPREAD_DEG + self.middle

    def print(self, name, about):
        a, b, c, d = self.weights
        print(f"/* {about} */")
        print_row(f"{name}_center[PRONATION_INPUTS]", self.center)
        print_row(f"{name}_scale[PRONATION_INPUTS]", self.scale)
        print(f"static const double {name}_hidden[{HIDDEN}][PRONATION_INPUTS + 1] = {{")
        for row in np.column_stack([a.T, b]):
            print("    {" + numbers(row) + "},")
        print("};")
        print_row(f"{name}_output[{HIDDEN} + 1]",
                  np.append(c * SPREAD_DEG, d[0] * SPREAD_DEG + self.middle))
        print()


def numbers(row):
    return ", ".join(f"{v:.4g}" for v in row)


def print_row(declaration, row):
    print(f"static const double {declaration} = {{{numbers(row)}}};")


def ranks(x):
    out = np.empty(len(x))
    out[np.argsort(x)] = np.arange(len(x))
    return out


def judge(network, tool, keys):
    x, y = runners(tool, 1, N_TEST, *keys)
    guess = network.predict(x)
    rank = np.corrcoef(ranks(guess), ranks(y))[0, 1]
    error = np.sqrt(np.mean((guess - y) ** 2))
    above = []
    for first, excursion in ((20001, 16), (40001, 8)):
        x, _ = runners(tool, first, 300, f"eversion_deg={excursion}", *keys)
        above.append(100 * np.mean(network.predict(x) > 11.5))
    print(f"{' '.join(keys)}: rank correlation {rank:.3f}, error {error:.2f} deg, above 11.5: "
          f"{above[0]:.1f} % of 16 deg, {above[1]:.1f} % of 8 deg", file=sys.stderr)


def main():
    tool = sys.argv[1]
    print("/* SPDX-License-Identifier: BSD-3-Clause */\n/* clang-format off */")
    print("#ifndef GAIT_PRONATION_MODEL_H\n#define GAIT_PRONATION_MODEL_H\n")
    print('#include "gait/pronation.h"\n')
    print("/* Made by tests/bench/train_pronation.py; do not edit. Inputs are centred, scaled and held")
    print(" * within +-4; then rows of weights and a constant per hidden unit; then the output's. */\n")
    for name, standing_s, about in (
            ("pronation", 0, f"{N_RUNNERS} simulated runners."),
            ("pronation_stood", 5, f"{N_RUNNERS} simulated runners who stood still before.")):
        keys = ["gyro=0", f"duration_s={25 + standing_s}"]
        if standing_s:
            keys.append(f"standing_s={standing_s}")
        x, y = runners(tool, 3_000_001, N_RUNNERS, *keys)
        network = Network(x, y, np.random.default_rng(SEED))
        network.print(name, about)
        judge(network, tool, keys)
    print("#endif")


if __name__ == "__main__":
    main()
