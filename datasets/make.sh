#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Makes every recording of this folder again: sh datasets/make.sh [GAIT]
# The same version of gait gives the same samples; README.md says what each one is.
set -eu
gait=$(command -v "${1:-gait}")
case $gait in /*) ;; *) gait=$PWD/$gait ;; esac
cd "$(dirname "$0")"

# make FILE KEY=VALUE...
make() {
    file=$1
    shift
    for setting in "$@"; do
        set -- "$@" --set "$setting"
        shift
    done
    mkdir -p "$(dirname "$file")"
    "$gait" simulate -q -o "$file" "$@"
}

# A healthy runner with three sensors on one clock.
healthy() {
    make "healthy/$1" "placement=$2" "side=$3" subject_id=healthy session_id=run-1 \
        start_time=2024-05-06T18:30:00+02:00 duration_s=60 rate_hz=200 gyro=0 seed=11 \
        cadence_steps_per_min=172 speed_mps=3.1 contact_time_s=0.245 strike_angle_deg=14 \
        eversion_deg=8 impact_g=6 stride_time_cv=0.012
}
healthy left_shank.csv shank left
healthy right_shank.csv shank right
healthy sacrum.csv sacrum none

# A runner whose right foot rolls in by 16 degrees; the same run seen with and without gyroscope.
# Ten seconds of standing first.
overpronation() {
    make "$1" "gyro=$2" placement=foot side=right subject_id=overpronation \
        session_id=run-1 start_time=2024-05-07T07:15:00+02:00 standing_s=10 duration_s=130 \
        rate_hz=200 seed=12 cadence_steps_per_min=168 speed_mps=3 contact_time_s=0.25 \
        strike_angle_deg=12 eversion_deg=16 impact_g=6.5
}
overpronation overpronation/right_foot.wav 1
overpronation overpronation_accelerometer/right_foot.csv.gz 0

# Twenty-five minutes with eight hard landings of each foot, and impacts that are a quarter larger
# from the fourteenth minute on.
load() {
    make "load/$1" "side=$2" placement=shank subject_id=load session_id=run-1 \
        start_time=2024-05-08T06:50:00+02:00 duration_s=1500 rate_hz=100 gyro=0 seed=13 \
        cadence_steps_per_min=170 speed_mps=3 impact_g=5.5 impact_cv=0.1 hard_landings=8 \
        shift_at_s=840 shift_percent=25
}
load left_shank.flac left
load right_shank.flac right

# Five knee bends on each leg; the left shank leans towards the other leg by 6 degrees more.
knee_bend() {
    make "knee_bend/$1" "side=$2" placement=shank task=knee-bend subject_id=knee-bend \
        session_id=test-1 start_time=2024-05-10T09:00:00+02:00 duration_s=50 rate_hz=100 seed=15 \
        reps=5 tempo_down_s=2 tempo_up_s=1.6 medial_lean_deg=5 lean_difference_deg=6
}
knee_bend left_shank.csv.gz left
knee_bend right_shank.csv.gz right

# Half an hour made of what a day is made of: sitting, standing, lying, walking, running, a ride,
# cycling, a sensor on the table.
make day/waist.h5 placement=waist side=none subject_id=day session_id=day-1 \
    start_time=2024-05-09T12:00:00+02:00 activity=day duration_s=1800 rate_hz=50 gyro=0 seed=14 \
    range_g=8
