#!/usr/bin/env python3
"""Says which tests of a JUnit report took longest: scripts/slowest.py "Rust tests" target/nextest/default/junit.xml"""
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

MOST = 10


def main(kind: str, report: str) -> None:
    if not Path(report).exists():
        # `cargo test`, which runs where nextest is not installed, measures nothing.
        print(f"{kind}: there is no report in {report}")
        return
    found = xml.parse(report).iter("testcase")
    cases = sorted(((float(case.get("time", 0)), f"{case.get('classname')} {case.get('name')}") for case in found), reverse=True)
    print(f"{kind}: {len(cases)}, {sum(seconds for seconds, _ in cases):,.0f} s one after the other; the slowest:")
    for seconds, name in cases[:MOST]:
        print(f"{seconds:8.1f} s  {name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
