"""Generator programs as studios write them, for the script engine to run."""

from __future__ import annotations

import sys
from pathlib import Path

FRAME = """
import argparse, os, subprocess, sys, time
parser = argparse.ArgumentParser()
for name in ("prompt", "output", "negative", "image"):
    parser.add_argument(f"--{name}", default="")
given = parser.parse_args()
mode = given.prompt.split()[0] if given.prompt else ""
print("Status: starting (0s)")
if mode == "refuse":
    print("Error: the provider said no, key", os.environ.get("GOOGLE_AI_API_KEY", ""))
    sys.exit(0)
if mode == "empty":
    open(given.output, "w").close()
    sys.exit(0)
if mode == "garbage":
    open(given.output, "wb").write(b"this is no picture" * 10)
    sys.exit(0)
if mode == "linger":
    print("Prediction ID: job-7", flush=True)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    open(os.environ["PIDS"], "w").write(f"{os.getpid()} {child.pid}")
    time.sleep(60)
from PIL import Image
for step in range(1, 5):
    print(f"Status: drawing ({step}s) {25 * step}%", flush=True)
kind = "JPEG" if mode == "jpeg" else "PNG"
Image.new("RGB", (64, 36), (len(given.prompt) % 256, len(given.negative) % 256, 9)).save(given.output, kind)
sys.exit(3 if mode == "fussy" else 0)
"""

VIDEO = """
import sys
import av
from PIL import Image
image, output = sys.argv[1:3]
print("Prediction ID: clip-9")
with Image.open(image) as still:
    picture = still.convert("RGB")
with av.open(output, "w") as container:
    stream = container.add_stream("libx264", rate=24)
    stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
    for number in range(6):
        for packet in stream.encode(av.VideoFrame.from_image(picture)):
            container.mux(packet)
        print(f"frame {number + 1}/6", flush=True)
    for packet in stream.encode():
        container.mux(packet)
"""


def write_programs(folder: Path) -> tuple[str, str]:
    """Write both programs; return the templates that call them."""
    (folder / "generate_frame.py").write_text(FRAME)
    (folder / "generate_video.py").write_text(VIDEO)
    frame = "generate_frame.py --prompt={prompt} --output={output} [--negative={negative}]"
    video = "generate_video.py {image} {output} [{motion}]"
    return f"{sys.executable} {frame}", f"{sys.executable} {video}"
