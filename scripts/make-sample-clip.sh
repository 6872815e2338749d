#!/bin/sh
# Makes agents/camera/assets/sample.flv, the camera agent's bundled picture: a moving test pattern
# with a running clock, and a melody. Needs ffmpeg with libx264.
#
# 8 s is the shortest length at which both tracks end together: 120 frames at 15 fps and 375 AAC
# frames of 1024 samples at 48 kHz. A loop has then no remainder, in either track, ever.
set -eu

out=${1:-$(dirname "$0")/../agents/camera/assets/sample.flv}
seconds=8

# Sixteen notes of half a second. Each swells from and fades to silence, so that neither the loop's
# seam nor the encoder's priming can be heard.
notes='523.25 659.25 783.99 1046.5 880 783.99 659.25 587.33 523.25 587.33 659.25 783.99 698.46 659.25 587.33 523.25'
pitch=0
i=0
for note in $notes; do
  pitch="$pitch+$note*eq(floor(t*2)\\,$i)"
  i=$((i + 1))
done
phase='mod(t\,0.5)'
melody="0.4*sin(2*PI*($pitch)*t)*min(1\\,$phase*50)*exp(-5*$phase)*min(1\\,(0.5-$phase)*25)"

ffmpeg -hide_banner -loglevel error -y -bitexact \
  -f lavfi -i "testsrc2=size=640x360:rate=15:duration=$seconds" \
  -f lavfi -i "aevalsrc=$melody:sample_rate=48000:duration=$seconds" \
  -map 0:v -map 1:a -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
  -c:v libx264 -threads 1 -profile:v baseline -level 3.0 -preset veryslow -pix_fmt yuv420p \
  -b:v 500k -maxrate 550k -bufsize 550k \
  -x264-params keyint=15:min-keyint=15:scenecut=0:bframes=0:force-cfr=1:ref=2 \
  -c:a aac -b:a 48k -ac 1 -bsf:a 'noise=drop=eq(n\,0)' \
  -flvflags no_duration_filesize -f flv "$out"
