#!/usr/bin/env python3
"""nothing_left.py URL CA: fails, and says what is there, unless the emulator at URL is as empty as on
its first day."""

import sys

from cloud import Cloud

cloud = Cloud.attach(*sys.argv[1:3])
left = cloud.living()
for one in left:
    print(f"left over: {one['kind']} {one.get('name') or ''} {one['id']} {one.get('state') or ''}")
sys.exit(1 if left else 0)
