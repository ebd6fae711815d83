namespace Latchkey.Storage.Ledger;

/// <summary>The tables of the books.</summary>
public static class LedgerSchema
{
    public static RoomSchema Room { get; } = new("ledger", new Migration(1, "accounts, entries, statements", """
        CREATE TABLE ledger_account (
            no INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            unit TEXT NOT NULL,
            class INTEGER NOT NULL,
            "limit" INTEGER NOT NULL,
            allowance INTEGER NOT NULL,
            closed INTEGER NOT NULL DEFAULT 0,
            debits_posted INTEGER NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
            credits_posted INTEGER NOT NULL DEFAULT 0 CHECK (credits_posted >= 0),
            debits_pending INTEGER NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
            credits_pending INTEGER NOT NULL DEFAULT 0 CHECK (credits_pending >= 0)
        ) STRICT;

        -- The canonical bytes are the entry; the other columns only find it.
        CREATE TABLE ledger_entry (
            sequence INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            refers BLOB,
            canonical BLOB NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;

        -- A hold ends once, an entry is reversed once.
        CREATE UNIQUE INDEX ledger_entry_refers ON ledger_entry (refers) WHERE refers IS NOT NULL;

        -- What each account's statement shows: posted legs alone, holds move nothing. One row per account and commit, because a busy account
        -- moves many times in each; movements are pairs of 8-byte integers, sequence and amount, and the balance is that after the last of them.
        CREATE TABLE ledger_movements (
            account INTEGER NOT NULL REFERENCES ledger_account (no),
            last_sequence INTEGER NOT NULL REFERENCES ledger_entry (sequence),
            movements BLOB NOT NULL,
            balance INTEGER NOT NULL,
            PRIMARY KEY (account, last_sequence)
        ) WITHOUT ROWID, STRICT;

        CREATE TRIGGER ledger_entry_is_final BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;
        CREATE TRIGGER ledger_entry_stays BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;
        """), new Migration(2, "mark of the totals", """
        -- Up to which entry the totals and the statements are written; what is newer follows from the entries. The newest of them is named, so
        -- that entries taken away from the end are missed.
        CREATE TABLE ledger_mark (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, newest INTEGER NOT NULL) STRICT;
        INSERT INTO ledger_mark (id, sequence, newest) SELECT 1, coalesce(max(sequence), 0), coalesce(max(sequence), 0) FROM ledger_entry;
        """), new Migration(3, "seal of the newest entry", "ALTER TABLE ledger_mark ADD COLUMN seal BLOB"), ClosedPeriods, ChainedStatements);

    /// <summary>What closing entries say in short, in full. The entries are the proof; the audit holds these rows to them.</summary>
    private static Migration ClosedPeriods => new(4, "closed periods", """
        CREATE TABLE ledger_period (
            number INTEGER PRIMARY KEY,
            sequence INTEGER NOT NULL UNIQUE REFERENCES ledger_entry (sequence),
            through INTEGER NOT NULL UNIQUE, -- ticks, UTC
            open_from INTEGER NOT NULL,
            closed_by TEXT NOT NULL, closed_at INTEGER NOT NULL,
            root TEXT
        ) STRICT;

        -- Totals since the beginning of the books, before the closing entry's own legs.
        CREATE TABLE ledger_period_line (
            period INTEGER NOT NULL REFERENCES ledger_period (number),
            account INTEGER NOT NULL REFERENCES ledger_account (no),
            debits_posted INTEGER NOT NULL, credits_posted INTEGER NOT NULL, debits_pending INTEGER NOT NULL, credits_pending INTEGER NOT NULL,
            PRIMARY KEY (period, account)
        ) WITHOUT ROWID, STRICT;

        CREATE TRIGGER ledger_period_is_final BEFORE UPDATE ON ledger_period
            WHEN old.root IS NOT NULL OR (new.number, new.sequence, new.through, new.open_from, new.closed_by, new.closed_at)
                IS NOT (old.number, old.sequence, old.through, old.open_from, old.closed_by, old.closed_at)
            BEGIN SELECT RAISE(ABORT, 'closed periods are final'); END;
        CREATE TRIGGER ledger_period_stays BEFORE DELETE ON ledger_period BEGIN SELECT RAISE(ABORT, 'closed periods are final'); END;
        CREATE TRIGGER ledger_period_line_is_final BEFORE UPDATE ON ledger_period_line BEGIN SELECT RAISE(ABORT, 'closed periods are final'); END;
        CREATE TRIGGER ledger_period_line_stays BEFORE DELETE ON ledger_period_line BEGIN SELECT RAISE(ABORT, 'closed periods are final'); END;
        """);

    /// <summary>
    /// Statements in the order of writing, each row naming the one before it of its account, the account its last: by account they stood on a page
    /// each, which every sale wrote again.
    /// </summary>
    private static Migration ChainedStatements => new(5, "statements in the order of writing", """
        CREATE TABLE ledger_movements_chained (
            no INTEGER PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES ledger_account (no),
            previous INTEGER,
            last_sequence INTEGER NOT NULL REFERENCES ledger_entry (sequence),
            movements BLOB NOT NULL,
            balance INTEGER NOT NULL
        ) STRICT;

        WITH numbered AS (SELECT row_number() OVER (ORDER BY last_sequence, account) AS n, * FROM ledger_movements)
        INSERT INTO ledger_movements_chained (no, account, previous, last_sequence, movements, balance)
        SELECT n, account, lag(n) OVER (PARTITION BY account ORDER BY n), last_sequence, movements, balance FROM numbered;

        DROP TABLE ledger_movements;
        ALTER TABLE ledger_movements_chained RENAME TO ledger_movements;

        ALTER TABLE ledger_account ADD COLUMN last_movements INTEGER;
        UPDATE ledger_account SET last_movements = newest.no
            FROM (SELECT account, max(no) AS no FROM ledger_movements GROUP BY account) AS newest WHERE newest.account = ledger_account.no;
        """,
        "SELECT (SELECT count(*) FROM ledger_movements WHERE previous IS NULL) - (SELECT count(*) FROM ledger_account WHERE last_movements IS NOT NULL)");
}
