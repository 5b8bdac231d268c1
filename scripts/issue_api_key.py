"""Issue an API key of a tenant: the first one of a stack, or one more. It is printed once, and stored as a hash only.

Region and credentials are those of your shell, as for the AWS CLI.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from intake.clock import SystemClock
from intake.ids import is_tenant
from intake.tenancy.api_keys import Role, issue

_OUTPUT = "TenancyTable"


class RefusalError(Exception):
    """No key was issued; the message says why, and what to do."""


def tenant_name(text: str) -> str:
    """Read ``--tenant``."""
    if not is_tenant(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no tenant: use 2 to 32 lower-case letters, digits and hyphens")
    return text


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="issue_api_key.py", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stack", help="name of a deployed stack, such as intake-dev")
    where.add_argument("--table", help="name of its tenancy table")
    parser.add_argument("--tenant", required=True, type=tenant_name, help="whose key: a-z, 0-9 and hyphens")
    parser.add_argument("--role", type=Role, choices=list(Role), default=Role.OPERATOR, help="default: %(default)s")
    parser.add_argument("--label", required=True, help="what you call the key, such as 'claims portal'")
    return parser.parse_args(arguments)


def cloudformation() -> Any:
    """Return a client of CloudFormation."""
    import boto3

    return boto3.client("cloudformation")


def tenancy_table(stack: str) -> str:
    """Return the name of a stack's tenancy table, from the stack's outputs.

    Raises
    ------
    RefusalError
        There is no such stack, or it is not one of Intake.
    """
    from botocore.exceptions import ClientError

    try:
        (found,) = cloudformation().describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        raise RefusalError(f"the stack {stack} cannot be read: {error.response['Error']['Message']}") from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    if _OUTPUT not in outputs:
        raise RefusalError(f"the stack {stack} has no output {_OUTPUT}; is it a stack of Intake, and fully deployed?")
    name: str = outputs[_OUTPUT]
    return name


def issue_key(table: str, tenant: str, role: Role, label: str) -> str:
    """Store a new key, and return it in plain words.

    Raises
    ------
    RefusalError
        The table did not take it.
    """
    from pynamodb.exceptions import PynamoDBException

    from intake.storage.tenancy import DynamoApiKeys

    try:
        return issue(tenant, role, label=label, keys=DynamoApiKeys(table), clock=SystemClock()).plain
    except PynamoDBException as error:
        reason = getattr(error, "cause_response_code", None) or getattr(error, "cause", None) or error
        raise RefusalError(f"the table {table} did not take the key: {reason}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Issue the key that the command line asks for, and print it."""
    from botocore.exceptions import BotoCoreError

    options = read_arguments(arguments)
    try:
        table = options.table or tenancy_table(options.stack)
        plain = issue_key(table, options.tenant, options.role, options.label)
    except RefusalError as refusal:
        sys.stderr.write(f"No key was issued: {refusal}.\n")
        return 1
    except BotoCoreError as error:
        # No region, no credentials, no connection: botocore says which.
        sys.stderr.write(f"No key was issued: {error}\n")
        return 1
    sys.stdout.write(f"{plain}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
