# SPDX-License-Identifier: BSD-3-Clause
"""Makes lib/gait/measure/pronation_model.h: how far the foot rolls inwards, read from accelerations alone.

    train_pronation.py TOOL > lib/gait/measure/pronation_model.h

TOOL is the built program pronation_training, which simulates runners, finds their strides and axes
as the library does and gives the numbers that describe their median stride. Small networks that
begin at different weights are fitted to the true excursion and averaged, once for runners of whom
nothing else is known and once for runners who stood still before. Half of the runners roll like
the base family of the simulator, half in mixed ways; the families shifted and fast take no part.
Needs numpy alone. What the fit is worth on fresh runners goes to standard error.
"""
import subprocess
import sys

import numpy as np

SEED = 20240917
FAMILIES = "base", "mixed"
N_RUNNERS = 4000  # of each family
N_TEST = 300
INPUTS = 74
NETWORKS = 4
HIDDEN = 16  # of each network
DECAY = 1e-2  # of the weights, against the mean squared error in units of SPREAD_DEG
SPREAD_DEG = 5.0
EPOCHS = 60
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


class Ensemble:
    """The mean of several networks on the same inputs is one network with all their units."""

    def __init__(self, x, y):
        self.networks = [Network(x, y, np.random.default_rng(SEED + i)) for i in range(NETWORKS)]

    def predict(self, x):
        return np.mean([network.predict(x) for network in self.networks], axis=0)

    def print(self, name, about):
        first, units = self.networks[0], NETWORKS * HIDDEN
        print(f"/* {about} */")
        print_row(f"{name}_center[PRONATION_INPUTS]", first.center)
        print_row(f"{name}_scale[PRONATION_INPUTS]", first.scale)
        print(f"static const double {name}_hidden[{units}][PRONATION_INPUTS + 1] = {{")
        for network in self.networks:
            a, b = network.weights[:2]
            for row in np.column_stack([a.T, b]):
                print("    {" + numbers(row) + "},")
        print("};")
        out = np.concatenate([network.weights[2] for network in self.networks])
        level = np.mean([network.weights[3][0] for network in self.networks])
        print_row(f"{name}_output[{units} + 1]",
                  np.append(out * SPREAD_DEG / NETWORKS, level * SPREAD_DEG + first.middle))
        print()


def numbers(row):
    return ", ".join(f"{v:.4g}" for v in row)


def print_row(declaration, row):
    print(f"static const double {declaration} = {{{numbers(row)}}};")


def ranks(x):
    out = np.empty(len(x))
    out[np.argsort(x)] = np.arange(len(x))
    return out


def judge(model, tool, keys):
    for family in ("base", "shifted", "fast"):
        x, y = runners(tool, 1, N_TEST, f"roll_family={family}", *keys)
        guess = model.predict(x)
        rank = np.corrcoef(ranks(guess), ranks(y))[0, 1]
        error = np.sqrt(np.mean((guess - y) ** 2))
        print(f"{' '.join(keys)}, {family} roll: rank correlation {rank:.3f}, error {error:.2f} deg",
              file=sys.stderr)


def main():
    tool = sys.argv[1]
    print("/* SPDX-License-Identifier: BSD-3-Clause */\n/* clang-format off */")
    print("#ifndef GAIT_PRONATION_MODEL_H\n#define GAIT_PRONATION_MODEL_H\n")
    print('#include "gait/measure/pronation.h"\n')
    print("/* Made by tests/bench/train_pronation.py; do not edit. Inputs are centred, scaled and held")
    print(" * within +-4; then rows of weights and a constant per hidden unit; then the output's. */\n")
    for name, standing_s, about in (
            ("pronation", 0, f"{len(FAMILIES) * N_RUNNERS} simulated runners."),
            ("pronation_stood", 5,
             f"{len(FAMILIES) * N_RUNNERS} simulated runners who stood still before.")):
        keys = ["gyro=0", f"duration_s={20 + standing_s}"]
        if standing_s:
            keys.append(f"standing_s={standing_s}")
        parts = [runners(tool, 3_000_001, N_RUNNERS, f"roll_family={f}", *keys) for f in FAMILIES]
        model = Ensemble(*(np.concatenate(column) for column in zip(*parts)))
        model.print(name, about)
        judge(model, tool, keys)
    print("#endif")


if __name__ == "__main__":
    main()
