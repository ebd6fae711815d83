namespace Latchkey.Storage.Payments;

/// <summary>The tables of the payments room.</summary>
public static class PaymentsSchema
{
    public static RoomSchema Room { get; } = new("payments", new Migration(
        1,
        "payments, refunds, what fits nothing",
        """
        CREATE TABLE pay_payment (
          out_trade_no TEXT NOT NULL PRIMARY KEY,
          provider TEXT NOT NULL,
          amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
          currency TEXT NOT NULL,
          method INTEGER NOT NULL,
          payer TEXT,
          description TEXT NOT NULL,
          expires_at TEXT NOT NULL,
          state INTEGER NOT NULL,
          created_at TEXT NOT NULL,
          provider_reference TEXT,
          transaction_id TEXT,
          paid_at TEXT,
          failure_code TEXT,
          queries_done INTEGER NOT NULL,
          next_query_at TEXT,
          refunded_minor INTEGER NOT NULL CHECK (refunded_minor BETWEEN 0 AND amount_minor),
          version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX pay_payment_transaction ON pay_payment (provider, transaction_id) WHERE transaction_id IS NOT NULL;
        CREATE INDEX pay_payment_due ON pay_payment (next_query_at) WHERE next_query_at IS NOT NULL;
        CREATE INDEX pay_payment_created ON pay_payment (created_at);
        CREATE TABLE pay_refund (
          out_refund_no TEXT NOT NULL PRIMARY KEY,
          out_trade_no TEXT NOT NULL REFERENCES pay_payment (out_trade_no),
          provider TEXT NOT NULL,
          amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
          currency TEXT NOT NULL,
          reason TEXT NOT NULL,
          state INTEGER NOT NULL,
          requested_at TEXT NOT NULL,
          refund_id TEXT,
          succeeded_at TEXT,
          queries_done INTEGER NOT NULL,
          next_query_at TEXT,
          version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX pay_refund_payment ON pay_refund (out_trade_no);
        CREATE INDEX pay_refund_due ON pay_refund (next_query_at) WHERE next_query_at IS NOT NULL;
        CREATE TABLE pay_unmatched (
          provider TEXT NOT NULL,
          transaction_id TEXT NOT NULL,
          out_trade_no TEXT NOT NULL,
          code TEXT NOT NULL,
          amount_minor INTEGER,
          currency TEXT,
          seen_at TEXT NOT NULL,
          PRIMARY KEY (provider, transaction_id, out_trade_no, code)
        ) STRICT;
        """));
}
