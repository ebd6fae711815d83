namespace Latchkey.Storage.Vending;

/// <summary>The tables of selling, and of the signer, who has a file of its own.</summary>
public static class VendingSchema
{
    /// <summary>Beside the ledger, so that an order and its entry are one write.</summary>
    public static RoomSchema Room { get; } = new("vending", new Migration(1, "meters, orders, identifiers", """
        CREATE TABLE vend_meter (
            pan INTEGER PRIMARY KEY,
            sgc TEXT NOT NULL, ti TEXT NOT NULL, krn INTEGER NOT NULL, kt INTEGER NOT NULL, ken INTEGER NOT NULL,
            base_year INTEGER NOT NULL, ea INTEGER NOT NULL,
            tariff TEXT NOT NULL, customer TEXT NOT NULL, place TEXT NOT NULL,
            blocked INTEGER NOT NULL, anniversary TEXT
        ) STRICT;

        CREATE TABLE vend_order (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            state INTEGER NOT NULL,
            pan INTEGER NOT NULL,
            minor_units INTEGER NOT NULL, currency TEXT NOT NULL, channel TEXT NOT NULL, payment_reference TEXT, operator TEXT,
            attempt INTEGER NOT NULL,
            received_at INTEGER NOT NULL, held_at INTEGER, posted_at INTEGER, delivered_at INTEGER, credited_at INTEGER, ended_at INTEGER,
            base_year INTEGER, tid INTEGER, terms BLOB, refusal TEXT, token TEXT, answer BLOB,
            proof_kind INTEGER, proof_at INTEGER, proof_evidence TEXT
        ) STRICT;

        -- One payment pays one order; declined, expired and reversed ones have given it back.
        CREATE UNIQUE INDEX vend_order_payment ON vend_order (channel, payment_reference)
            WHERE payment_reference IS NOT NULL AND state NOT IN (7, 8, 9);

        -- One identifier, one order: the database's word, not only the program's. It also finds the orders of a meter.
        CREATE UNIQUE INDEX vend_order_tid ON vend_order (pan, base_year, tid);

        -- What is unfinished: held, posted, delivered. Spelled with OR, so that a query for one of them can use it.
        CREATE INDEX vend_order_open ON vend_order (state, received_at) WHERE state = 2 OR state = 4 OR state = 5;

        CREATE TABLE vend_tid (
            pan INTEGER NOT NULL, base_year INTEGER NOT NULL, last INTEGER NOT NULL,
            PRIMARY KEY (pan, base_year)
        ) WITHOUT ROWID, STRICT;

        CREATE TRIGGER vend_tid_rises BEFORE UPDATE ON vend_tid WHEN new.last <= old.last
            BEGIN SELECT RAISE(ABORT, 'token identifiers only rise'); END;

        CREATE TABLE vend_period (
            pan INTEGER NOT NULL, period TEXT NOT NULL, tenths INTEGER NOT NULL CHECK (tenths >= 0), fixed_minor INTEGER NOT NULL CHECK (fixed_minor >= 0),
            PRIMARY KEY (pan, period)
        ) WITHOUT ROWID, STRICT;

        CREATE TABLE vend_management (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            pan INTEGER NOT NULL, kind INTEGER NOT NULL, value INTEGER NOT NULL,
            reason TEXT NOT NULL, first_approver TEXT NOT NULL, second_approver TEXT NOT NULL,
            sgc TEXT NOT NULL, ti TEXT NOT NULL, krn INTEGER NOT NULL, kt INTEGER NOT NULL, ken INTEGER NOT NULL,
            base_year INTEGER NOT NULL, ea INTEGER NOT NULL,
            tid INTEGER NOT NULL, at INTEGER NOT NULL, token TEXT
        ) STRICT;
        """), LeanOrders, CancelledOrders, CounterOrders);

    /// <summary>In a file apart: whoever can write the orders and the ledger still cannot write this one.</summary>
    public static RoomSchema Signer { get; } = new("signer", new Migration(1, "keys, journal", """
        CREATE TABLE signer_key (
            key_id TEXT PRIMARY KEY,
            sgc TEXT NOT NULL, krn INTEGER NOT NULL, kt INTEGER NOT NULL, base_year INTEGER NOT NULL,
            active_from INTEGER NOT NULL, issue_until INTEGER,
            check_value TEXT NOT NULL, wrapped BLOB NOT NULL, credit_limit INTEGER NOT NULL,
            tokens INTEGER NOT NULL, tenths INTEGER NOT NULL, minor_units INTEGER NOT NULL,
            stopped TEXT, mac BLOB NOT NULL
        ) WITHOUT ROWID, STRICT;

        CREATE TABLE signer_line (
            number INTEGER PRIMARY KEY,
            order_id BLOB NOT NULL, kind INTEGER NOT NULL, key_id TEXT NOT NULL,
            pan INTEGER NOT NULL, base_year INTEGER NOT NULL, tid INTEGER NOT NULL,
            tenths INTEGER NOT NULL, minor_units INTEGER NOT NULL,
            entry_id BLOB NOT NULL UNIQUE, token_hash BLOB NOT NULL, mac BLOB NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX signer_line_order ON signer_line (order_id) WHERE kind <> 3;
        CREATE UNIQUE INDEX signer_line_tid ON signer_line (pan, base_year, tid) WHERE kind <> 3;
        """), new Migration(2, "identifiers by their time", """
        -- The identifier first: it is a time, so new lines stand together at the end instead of on a page for each meter.
        DROP INDEX signer_line_tid;
        CREATE UNIQUE INDEX signer_line_tid ON signer_line (tid, pan, base_year) WHERE kind <> 3;
        """), new Migration(3, "the approval of a key's last change", "ALTER TABLE signer_key ADD COLUMN last_act BLOB CHECK (length(last_act) = 16)"));

    /// <summary>What a counter knows of a sale, and whose name stands on its receipt.</summary>
    private static Migration CounterOrders => new(4, "till and tender of orders, names of customers", """
        ALTER TABLE vend_order ADD COLUMN terminal TEXT;
        ALTER TABLE vend_order ADD COLUMN tender INTEGER;
        ALTER TABLE vend_order ADD COLUMN tendered INTEGER;
        ALTER TABLE vend_order ADD COLUMN cash_rounding INTEGER;
        ALTER TABLE vend_meter ADD COLUMN customer_name TEXT;

        -- What was printed again, by whom: the number is on the paper.
        CREATE TABLE vend_reprint (
            order_id BLOB NOT NULL CHECK (length(order_id) = 16), number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 1000),
            person TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (order_id, number)
        ) WITHOUT ROWID, STRICT;
        """);

    /// <summary>An order that was taken back has given its payment back, too.</summary>
    private static Migration CancelledOrders => new(3, "payments of orders that were taken back", """
        DROP INDEX vend_order_payment;
        CREATE UNIQUE INDEX vend_order_payment ON vend_order (channel, payment_reference)
            WHERE payment_reference IS NOT NULL AND state NOT IN (7, 8, 9, 11);
        """);

    /// <summary>
    /// Orders with a number of their own, in the order they came in; the answer beside them, so that an order's later steps rewrite a small row;
    /// the last identifiers in a table whose trigger needs no table of its own.
    /// </summary>
    private static Migration LeanOrders => new(2, "orders by number, answers apart", """
        CREATE TABLE vend_order_lean (
            no INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            state INTEGER NOT NULL,
            pan INTEGER NOT NULL,
            minor_units INTEGER NOT NULL, currency TEXT NOT NULL, channel TEXT NOT NULL, payment_reference TEXT, operator TEXT,
            attempt INTEGER NOT NULL,
            received_at INTEGER NOT NULL, held_at INTEGER, posted_at INTEGER, delivered_at INTEGER, credited_at INTEGER, ended_at INTEGER,
            base_year INTEGER, tid INTEGER, terms BLOB, refusal TEXT, token TEXT,
            proof_kind INTEGER, proof_at INTEGER, proof_evidence TEXT
        ) STRICT;

        INSERT INTO vend_order_lean (
            no, id, state, pan, minor_units, currency, channel, payment_reference, operator, attempt, received_at, held_at, posted_at, delivered_at,
            credited_at, ended_at, base_year, tid, terms, refusal, token, proof_kind, proof_at, proof_evidence)
        SELECT rowid, id, state, pan, minor_units, currency, channel, payment_reference, operator, attempt, received_at, held_at, posted_at, delivered_at,
            credited_at, ended_at, base_year, tid, terms, refusal, token, proof_kind, proof_at, proof_evidence FROM vend_order;

        -- The bytes that every retry gets, for ever.
        CREATE TABLE vend_answer (no INTEGER PRIMARY KEY, answer BLOB NOT NULL) STRICT;
        INSERT INTO vend_answer (no, answer) SELECT rowid, answer FROM vend_order WHERE answer IS NOT NULL;
        CREATE TRIGGER vend_answer_is_final BEFORE UPDATE ON vend_answer BEGIN SELECT RAISE(ABORT, 'answers are immutable'); END;
        CREATE TRIGGER vend_answer_stays BEFORE DELETE ON vend_answer BEGIN SELECT RAISE(ABORT, 'answers are immutable'); END;

        DROP TABLE vend_order;
        ALTER TABLE vend_order_lean RENAME TO vend_order;

        CREATE UNIQUE INDEX vend_order_payment ON vend_order (channel, payment_reference)
            WHERE payment_reference IS NOT NULL AND state NOT IN (7, 8, 9);
        CREATE UNIQUE INDEX vend_order_tid ON vend_order (pan, base_year, tid);

        -- What is unfinished, oldest first.
        CREATE INDEX vend_order_open ON vend_order (state) WHERE state = 2 OR state = 4 OR state = 5;

        -- The key is the meter's number with its check digit replaced by the base date's: 0 for 1993, 1 for 2014, 2 for 2035.
        CREATE TABLE vend_tid_lean (meter_base INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
        INSERT INTO vend_tid_lean (meter_base, last) SELECT pan / 10 * 10 + (base_year - 1993) / 21, last FROM vend_tid;
        DROP TABLE vend_tid;
        ALTER TABLE vend_tid_lean RENAME TO vend_tid;
        CREATE TRIGGER vend_tid_rises BEFORE UPDATE ON vend_tid WHEN new.last <= old.last
            BEGIN SELECT RAISE(ABORT, 'token identifiers only rise'); END;
        """);
}
