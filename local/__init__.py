"""The embedded AWS: Intake's own template on one machine, without Docker, an account or a key.

``python -m local up`` starts ministack in an environment of its own, deploys the very ``template.yaml`` with functions
run by ``awslambdaric`` from their source directories, and writes ``.intake/local.json``. ``docs/running-locally.md``
says what differs from AWS.
"""
