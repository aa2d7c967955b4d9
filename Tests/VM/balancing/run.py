#!/usr/bin/env python3
"""What a director must do with real IPVS and real servers. Run it in the machine:

    Tests/VM/run --seconds 300 -- python3 Tests/VM/balancing/run.py [STAGE ...]
"""

import sys

import bfd
import marks
import methods
import namespace
import operation
import pair
import sample
import vrf
from director_site import Report

# Marks first: later the kernel has loaded nf_tables, and what happens without it cannot be seen.
STAGES = {"marks": marks.run, "NAT": methods.run, "DR": methods.run, "TUN": methods.run, "sample": sample.run,
          "pair": pair.run, "operation": operation.run, "namespace": namespace.run, "VRF": vrf.run, "BFD": bfd.run}


def main():
    report = Report()
    for name in sys.argv[1:] or STAGES:
        STAGES[name](report, name)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
