# shellcheck shell=sh
# The second demo of run.sh: a live night of five MASCARA cameras, reduced while it is written.
# Source it from the repository root, after environment.sh; $output is where everything goes.

# shellcheck disable=SC2154 # set by run.sh
night=$output/night
raw=$output/night-raw
# Three batches of 50 frames a camera, on chips of a quarter of the length, twenty times as fast
# as the sky turns: sixteen minutes of a night in one. It is over when no camera wrote anything
# for so many seconds.
speed=20
frames=150
idle_s=15

mascara() {
    start_night
    if has_display; then
        kill_a_worker &
        say "the night goes on when the window is closed"
        exec "$PYTHON" -m nightglass --night "$night"
    fi
    say "no display here: the window follows the night off screen"
    export QT_QPA_PLATFORM=offscreen
    trap 'kill "$simulator" "$driver" 2>/dev/null' INT TERM
    follow_night
    star=$(bright_star)
    shoot_night
    tell_products
}

# Simulator and reduction, each a process of its own.
start_night() {
    say "a night of five cameras begins in $raw, its reduction in $night"
    rm -rf "$raw" "$night" "$output"/night*.png
    mkdir -p "$raw" "$night"
    "$PYTHON" -m nightglass simulate mascara --output "$raw" --cameras N,E,S,W,C --scale 0.25 \
        --frames "$frames" --biases 0 --flats 0 --seed 11 --clobber --live "$speed" \
        2>"$output/simulator.log" &
    simulator=$!
    # The stars come before the first frame.
    wait_until 120 test -s "$raw/catalogue.csv" || give_up "no night came: see $output/simulator.log"
    "$PYTHON" -m nightglass night reduce "$raw" --output "$night" --live --idle "$idle_s" \
        2>"$output/reduction.log" &
    driver=$!
}

# Wait for a condition, for at most so many seconds.
wait_until() {
    left=$1
    shift
    until "$@"; do
        [ "$left" -gt 0 ] || return 1
        left=$((left - 1))
        sleep 1
    done
}

# What a night must bear: one of its workers dies. The reduction makes the batch again.
kill_a_worker() {
    wait_until 150 has_reduced 2 || return 0
    victim=$(worker)
    [ -n "$victim" ] || return 0
    say "kill -9 $victim: a worker dies in the middle of a batch, which is made again"
    kill -9 "$victim" || return 0
}

has_reduced() {
    [ -f "$night/journal.jsonl" ] && [ "$(grep -c '"kind":"unit"' "$night/journal.jsonl")" -ge "$1" ]
}

worker() {
    processes | awk -v driver="$driver" '$2 == driver { print $1; exit }'
}

# Every process and its parent.
processes() {
    if [ -d /proc/self ]; then
        cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^\([0-9]*\) (.*) . \([0-9]*\).*/\1 \2/'
    else
        ps -A -o pid= -o ppid=
    fi
}

# The window amid the night, just after a worker died, and at its end.
follow_night() {
    kill_a_worker
    nightglass --night "$night" --exit-after 8 --screenshot "$output/night-live.png"
    nightglass --night "$night" --page plots --until-finished \
        --screenshot "$output/night-dark.png" --timings "$output/night-timings.json"
    wait "$driver" || give_up "the reduction ended with trouble: see $output/reduction.log"
    wait "$simulator"
}

# The other themes and pages; the first page is that of the window at the end. The report takes
# its time: it is made with all its pictures.
shoot_night() {
    for theme in light red; do
        shoot_page "$theme" 5 --theme "$theme"
    done
    for page in frames sky; do
        shoot_page "$page" 5 --page "$page"
    done
    shoot_page curves 5 --page curves --star "$star"
    shoot_page report 15 --page report
}

# shoot_page NAME SECONDS OPTION ...
shoot_page() {
    picture=$output/night-$1.png
    seconds=$2
    shift 2
    nightglass --night "$night" "$@" --exit-after "$seconds" --screenshot "$picture"
}

# Number of a star that the station watches its cameras by.
bright_star() {
    sed -n 's/.*"calibration_stars":\[\[\([0-9]*\).*/\1/p' "$night/journal.jsonl" | head -n 1
}

tell_products() {
    nightglass night status "$night" --json >"$output/night-status.json"
    nightglass night report "$night" >&2
    nightglass night curve "$night" "$star" --output "$output/night-curve.csv" --clobber >&2
    for product in "$night"/*LP? "$output"/night-*.json "$output"/night-*.csv \
        "$output"/night-*.png "$night/report.html"; do
        printf '%s\n' "$PWD/$product"
    done
}
