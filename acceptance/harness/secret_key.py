#!/usr/bin/env python3
"""secret_key.py CONFIG URL CA: makes a customer secret key with Oracle's SDK, as a user would before moving
state to Object Storage. Prints shell exports for clients of the S3 API."""

import shlex
import sys

import oci

config = oci.config.from_file(sys.argv[1])
identity = oci.identity.IdentityClient(config, service_endpoint=sys.argv[2])
identity.base_client.session.verify = sys.argv[3]
key = identity.create_customer_secret_key(
    oci.identity.models.CreateCustomerSecretKeyDetails(display_name='state'), config['user']).data
print(f'export AWS_ACCESS_KEY_ID={shlex.quote(key.id)} AWS_SECRET_ACCESS_KEY={shlex.quote(key.key)}')
