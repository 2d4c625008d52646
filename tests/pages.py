# SPDX-License-Identifier: BSD-3-Clause
"""The pages of every runner in datasets/, and of a hostile one: pages.py GAIT DATASETS [NODE CHROMIUM TOOLS PAGE.mjs]

Without the last four: the numbers are the summary's, the bytes the same on every run, the size bounded, a PDF has its
text. With them the same pages are looked at in a browser; 77 says that it is not there."""
import html.parser
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

gait, datasets = sys.argv[1], pathlib.Path(sys.argv[2])
browser = sys.argv[3:]
HOSTILE = "\"><img src=http://example.com/x onerror='alert(1)'></title><script>alert(2)</script>&amp;\u202e J\u00fcrgen"
failures = []


def check(ok, rule):
    if not ok:
        failures.append(rule)
        print("#", rule)


def run(*words, **options):
    return subprocess.run([gait, *map(str, words)], check=True, capture_output=True, text=True, **options).stdout


def recordings(folder):
    endings = (".csv", ".csv.gz", ".wav", ".flac", ".h5")
    return sorted(f for f in folder.iterdir() if f.name.endswith(endings) and not f.name.endswith(".truth.csv"))


def summaries(out):
    for folder in sorted(f for f in datasets.iterdir() if f.is_dir()):
        run("analyze", "--quiet", *recordings(folder), "-o", out / f"{folder.name}.gait.h5")
        yield out / f"{folder.name}.gait.h5"
    run("analyze", "--quiet", "--subject", HOSTILE, "--session", HOSTILE, *recordings(datasets / "healthy"),
        "-o", out / "hostile.gait.h5")
    yield out / "hostile.gait.h5"


class Numbers(html.parser.HTMLParser):
    """Every <data value="exact">shown</data>."""

    def __init__(self, text):
        super().__init__()
        self.found, self.value, self.tags = [], None, set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag == "data":
            self.value = dict(attributes)["value"]

    def handle_data(self, data):
        if self.value is not None:
            self.found.append((float(self.value), data))
            self.value = None


def numbers_of(summary):
    found = set()
    for table in ("summary", "asymmetry", "recordings"):
        for row in json.loads(run("export", summary, "--table", table, "--json")):
            found.update(float(v) for v in row.values() if isinstance(v, (int, float)))
    return found


def is_rounded(value, shown):
    """The text is the value, in its unit or in thousandths or hundredths of it, to its own decimals."""
    text = shown.replace("\u2212", "-").replace("\u00a0", " ").split()
    text = [t for t in text if any(c.isdigit() for c in t)][0]
    half = 0.5 * 10.0 ** -len(text.partition(".")[2]) * (1 + 1e-9)
    return any(math.fabs(value * factor - float(text)) <= half for factor in (1, 1000, 100))


def check_page(summary, out):
    page, again = out / f"{summary.name[:-8]}.html", out / "again.html"
    run("report", summary, "-o", page)
    run("report", summary, "-o", again)
    text = page.read_text()
    check(text == again.read_text(), f"{page.name}: the same bytes on every run")
    check(len(text.encode()) <= 150_000, f"{page.name}: at most 150 kB, it has {len(text.encode())}")
    numbers, known = Numbers(text), numbers_of(summary)
    check(numbers.found, f"{page.name}: shows numbers")
    for value, shown in numbers.found:
        check(value in known, f"{page.name}: {value} is in the summary")
        check(is_rounded(value, shown), f"{page.name}: '{shown}' is {value}")
    check(not numbers.tags & {"script", "img", "link", "iframe", "object", "base", "form"}, f"{page.name}: no such tag")
    again.unlink()
    return page


def check_pdf(summary, out):
    pdf = out / f"{summary.name[:-8]}.pdf"
    done = subprocess.run([gait, "report", summary, "-o", pdf], capture_output=True, text=True)
    if done.returncode != 0:
        check(done.returncode == 65 and "cairo" in done.stderr and done.stderr.count("\n") == 1,
              "without cairo one sentence says so")
        return
    first = pdf.read_bytes()
    run("report", summary, "-o", pdf, env={**os.environ, "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "86400"})
    check(first == pdf.read_bytes(), f"{pdf.name}: the same bytes on every run")
    check(len(first) <= 300_000, f"{pdf.name}: at most 300 kB, it has {len(first)}")
    if not shutil.which("pdftotext"):
        return
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    pages = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    check("Pages:           1\n" in pages, f"{pdf.name}: one sheet")
    check("not a medical device" in " ".join(text.split()), f"{pdf.name}: its text can be read")


def check_study(out):
    """Five sessions of one person, the last one much longer: an index, a page each, and links that lead there."""
    if "--report" not in subprocess.run([gait, "batch", "--help"], capture_output=True, text=True).stdout:
        return []
    source, batch = out / "source", out / "batch"
    source.mkdir()
    for day in range(5):
        run("simulate", "--sensors", "left:shank,right:shank", "--set", f"duration_s={420 if day == 4 else 150 + 10 * day}",
            "--set", "rate_hz=100", "--set", "gyro=0", "--set", f"seed={day + 1}", "--set", "subject_id=anna",
            "--set", f"session_id=run {day}", "--set", f"start_time=2024-04-{1 + 3 * day:02d}T07:00:00+02:00",
            "-o", source / f"{day}.csv")
    run("batch", source, "-o", batch, "--report", "--quiet")
    index = (batch / "study.html").read_text()
    links = [part.split('"')[0] for part in index.split('<a href="')[1:]]
    check(len(set(links)) == 5, f"the index has five different links, it has {links}")
    for link in links:
        check((batch / link).is_file(), f"{link} is there")
        back = (batch / link).read_text().split('<a href="')[1].split('"')[0]
        check((batch / link).parent.joinpath(back).resolve() == (batch / "study.html").resolve(), f"{link} leads back")
    last = (batch / links[0]).read_text()
    check("Longer than any recent run" in last, "what asks for most, the long run, comes first")
    check("Sessions of the last 60 days" in last and "(sessions: 4)" in last, "its page knows the four before")
    first = index
    run("batch", source, "-o", batch, "--report", "--quiet")
    check(first == (batch / "study.html").read_text(), "the index has the same bytes on every run")
    return [batch / "study.html", batch / links[0]]


def in_browser(pages):
    node, chromium, tools, script = browser
    return subprocess.run([node, script, tools, chromium, *pages]).returncode


if browser and not all(map(os.path.exists, (*browser[:2], f"{browser[2]}/node_modules/puppeteer-core",
                                            f"{browser[2]}/node_modules/axe-core"))):
    print(f"# skipped: chromium, node, or puppeteer-core and axe-core in {browser[2]} are not installed")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder)
    pages = []
    for summary in summaries(out):
        pages.append(check_page(summary, out))
        if browser:
            run("report", summary, "--language", "de", "--paper", "letter", "-o", out / f"{pages[-1].stem}-letter.html")
            pages.append(out / f"{pages[-1].stem}-letter.html")
        else:
            check_pdf(summary, out)
    pages += check_study(out)
    if browser and in_browser(pages):
        failures.append("browser")
print(f"{len(failures)} failures" if failures else "all pages right")
sys.exit(1 if failures else 0)
