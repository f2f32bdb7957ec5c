"""Titles and descriptions of products as rows by locale, no longer columns of Chinese."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
CHINESE_BACK = (
    "UPDATE product SET {0} = coalesce((SELECT said.{1} FROM product_translation said"
    " WHERE said.product_id = product.product_id AND said.locale = 'zh'), '')"
)
WORDS = feedback.db.tables.columns.Words


def upgrade() -> None:
    op.create_table(
        "product_translation",
        sa.Column("product_id", TEXT(), nullable=False),
        sa.Column("locale", TEXT(), nullable=False),
        sa.Column("title", TEXT(), nullable=False),
        sa.Column("body", WORDS(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.product_id"],
            name=op.f("fk_product_translation_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "locale", name=op.f("pk_product_translation")),
    )
    op.execute(
        "INSERT INTO product_translation (product_id, locale, title, body)"
        " SELECT product_id, 'zh', title_zh, body_zh FROM product"
        " WHERE title_zh != '' OR body_zh != ''"
    )
    with op.batch_alter_table("product") as batch:
        batch.drop_column("body_zh")
        batch.drop_column("title_zh")


def downgrade() -> None:
    """Keep the Chinese ones; other languages have no column to go to."""
    with op.batch_alter_table("product") as batch:
        batch.add_column(sa.Column("title_zh", TEXT(), nullable=False, server_default=""))
        batch.add_column(sa.Column("body_zh", WORDS(), nullable=False, server_default=""))
    op.execute(CHINESE_BACK.format("title_zh", "title"))
    op.execute(CHINESE_BACK.format("body_zh", "body"))
    op.drop_table("product_translation")
