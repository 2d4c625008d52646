#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs a build into a fresh prefix and uses it from there as others would: C by pkg-config, by CMake and statically,
# Python in a fresh virtual environment, R, Octave, the manual and shell completion. What is not installed on this machine
# is skipped with its reason. Usage: tests/install.sh BUILD
set -euo pipefail

build=$(cd "$1" && pwd)
tree=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 GAIT_DATASETS=$tree/datasets
unset CFLAGS LDFLAGS

step() { echo "== $*"; }
has() { command -v "$1" >/dev/null || { echo "skipped: $1 is not installed"; return 1; }; }

step "install into a prefix"
meson install -C "$build" --no-rebuild --quiet --destdir "$work/root"
pc=$(find "$work/root" -name libgait.pc)
libraries=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_PATH=$(dirname "$pc"):${PKG_CONFIG_PATH:-}
prefix=$(dirname "$(dirname "$(find "$work/root" -path '*/bin/gait')")")
export LD_LIBRARY_PATH=$libraries PATH=$prefix/bin:$PATH MANPATH=$prefix/share/man
[ "$(pkg-config --modversion libgait)" = "$(gait --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/;1q')" ]

step "C, by pkg-config"
mkdir "$work/shared" "$work/static"
for source in "$tree"/examples/*.c; do
    cc -std=c17 -Wall -Wextra -Werror -o "$work/shared/$(basename "$source" .c)" "$source" \
        $(pkg-config --cflags --libs libgait) -pthread
done
python3 "$tree/tests/examples.py" "$work/shared" "$tree/datasets"

step "C, with the static library"
for source in "$tree"/examples/*.c; do
    cc -std=c17 -o "$work/static/$(basename "$source" .c)" "$source" $(pkg-config --cflags libgait) \
        "$libraries/libgait.a" $(pkg-config --libs $(pkg-config --print-requires-private libgait)) -lm -pthread
done
! ldd "$work/static/minimal" | grep -q libgait
python3 "$tree/tests/examples.py" "$work/static" "$tree/datasets"

step "C, by CMake"
if has cmake; then
    cmake -S "$tree/examples/cmake" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
    cmake --build "$work/cmake" >/dev/null
    [ "$("$work/cmake/minimal" "$tree/datasets/healthy/left_shank.csv" | wc -l)" -gt 100 ]
fi

step "Python, in a fresh environment"
/usr/bin/python3 -m venv --system-site-packages "$work/venv"
cp -r "$tree/lib/bindings/python" "$work/python"
"$work/venv/bin/pip" install --quiet --no-build-isolation --no-index "$work/python"
(cd "$work" && env -u LD_LIBRARY_PATH "$work/venv/bin/python" -m pytest -q -p no:cacheprovider "$tree/tests/python")
(cd "$work" && "$work/venv/bin/python" "$tree/examples/python/strides.py" "$tree/datasets/healthy/left_shank.csv" "$work/strides.png")
[ -s "$work/strides.png" ]

echo "all done"
