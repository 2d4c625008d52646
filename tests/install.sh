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
needs_none() { # program, library...
    local program=$1 library
    shift
    for library; do
        if ldd "$program" | grep "$library"; then echo "$program should not need $library"; exit 1; fi
    done
}

step "install into a prefix"
meson install -C "$build" --no-rebuild --quiet --destdir "$work/root"
pc=$(find "$work/root" -name libgait.pc)
libraries=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_PATH=$(dirname "$pc"):${PKG_CONFIG_PATH:-}
prefix=$(dirname "$(dirname "$(find "$work/root" -path '*/bin/gait')")")
export PATH=$prefix/bin:$PATH MANPATH=$prefix/share/man
[ "$(pkg-config --modversion libgait)" = "$(gait --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/;1q')" ]
export LD_LIBRARY_PATH=$libraries

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
needs_none "$work/static/minimal" libgait
python3 "$tree/tests/examples.py" "$work/static" "$tree/datasets"

step "the program, with all libraries in it that have an archive"
if echo 'int main(void) { return 0; }' | cc -x c - -lmp3lame -lbz2 -o "$work/lame" 2>/dev/null; then
    meson setup "$work/program" "$tree" -Ddefault_library=static -Dprefer_static=true -Doptimization=0 >/dev/null
    meson compile -C "$work/program" gait:executable >/dev/null
    needs_none "$work/program/cli/gait" libgait libhdf5 libfftw3 libjansson
    "$work/program/cli/gait" analyze -q "$tree/datasets/healthy/left_shank.csv" -o "$work/static.gait.h5"
    gait analyze -q "$tree/datasets/healthy/left_shank.csv" -o "$work/shared.gait.h5"
    cmp "$work/static.gait.h5" "$work/shared.gait.h5"
else
    echo "skipped: libmp3lame-dev or libbz2-dev is not installed, which sndfile.pc and libzip.pc ask for"
fi

step "C, by CMake"
if has cmake; then
    cmake -G Ninja -S "$tree/examples/cmake" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
    cmake --build "$work/cmake" >/dev/null
    lines=$("$work/cmake/minimal" "$tree/datasets/healthy/left_shank.csv" | wc -l)
    [ "$lines" -gt 50 ] || { echo "minimal by CMake prints $lines lines"; exit 1; }
fi

step "Python, in a fresh environment"
/usr/bin/python3 -m venv --system-site-packages "$work/venv"
cp -r "$tree/lib/bindings/python" "$work/python"
"$work/venv/bin/pip" install --quiet --no-build-isolation --no-index "$work/python"
(cd "$work" && env -u LD_LIBRARY_PATH "$work/venv/bin/python" -m pytest -q -p no:cacheprovider "$tree/tests/python")
(cd "$work" && "$work/venv/bin/python" "$tree/examples/python/strides.py" "$tree/datasets/healthy/left_shank.csv" "$work/strides.png")
[ -s "$work/strides.png" ]

step "every code block of README and guide"
"$work/venv/bin/python" "$tree/tests/code_blocks.py" "$tree"

gait analyze -q "$tree/datasets/healthy/left_shank.csv" -o "$work/run.gait.h5"

step "R, by .Call"
if has Rscript; then
    cp "$tree"/examples/r/* "$work"
    (cd "$work" && Rscript --vanilla strides.R gait.R "$tree/datasets/healthy/left_shank.csv" run.gait.h5)
fi

step "Octave, by a compiled function"
if has mkoctfile && has octave-cli; then
    mkdir "$work/octave"
    (cd "$work/octave" && mkoctfile --mex "$tree/examples/octave/gait_tables.c" $(pkg-config --cflags --libs libgait) \
        "-Wl,-rpath,$libraries" && octave-cli --quiet --no-init-file --path "$work/octave" "$tree/examples/octave/strides.m" \
        "$tree/datasets/healthy/left_shank.csv" "$work/run.gait.h5")
fi

step "manual and completion"
for page in "$prefix"/share/man/man1/gait*.1; do
    ! has mandoc || mandoc -T lint -W error "$page"
done
completed() { # shell, command line that prints what follows "gait exp"
    if has "$1"; then "$@" | tr " " "\n" | grep -qx export || { echo "$1 does not complete gait exp"; exit 1; }; fi
}
completed bash --norc -c '. "$0"; COMP_WORDS=(gait exp) COMP_CWORD=1; _gait; printf "%s\n" "${COMPREPLY[@]}"' \
    "$prefix/share/bash-completion/completions/gait.bash"
completed fish --no-config -c "source $prefix/share/fish/vendor_completions.d/gait.fish; complete -C 'gait exp' | cut -f1"
completed zsh -fc "compadd() { print -l \"\$@\" }; CURRENT=2 words=(gait exp); . $prefix/share/zsh/site-functions/_gait"

echo "all done"
