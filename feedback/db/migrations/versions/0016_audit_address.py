"""From which address somebody did something at the desk."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    address = sa.Column(
        "address", sqlmodel.sql.sqltypes.AutoString(), server_default="", nullable=False
    )
    with op.batch_alter_table("auditentry", schema=None) as batch_op:
        batch_op.add_column(address)


def downgrade() -> None:
    with op.batch_alter_table("auditentry", schema=None) as batch_op:
        batch_op.drop_column("address")
