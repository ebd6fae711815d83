namespace Latchkey.Storage.Vending;

/// <summary>The tables of vendors, in the file of the ledger.</summary>
public static class VendorsSchema
{
    public static RoomSchema Room { get; } = new("vendors", new Migration(
        1,
        "vendors, batches, slips, bank lines",
        """
        CREATE TABLE vendors_vendor (
            code TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL, currency TEXT NOT NULL, minimum INTEGER NOT NULL, maximum INTEGER NOT NULL, blocked INTEGER NOT NULL,
            schemes TEXT NOT NULL, remainder INTEGER NOT NULL, month INTEGER NOT NULL, month_sales INTEGER NOT NULL,
            slips INTEGER NOT NULL, version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE vendors_batch (
            vendor TEXT NOT NULL REFERENCES vendors_vendor (code), kind INTEGER NOT NULL, number INTEGER NOT NULL,
            opened_by TEXT NOT NULL, opened_at INTEGER NOT NULL, after_entry INTEGER NOT NULL,
            closed_at INTEGER, up_to_entry INTEGER, totals TEXT, commission INTEGER NOT NULL, booked INTEGER NOT NULL,
            PRIMARY KEY (vendor, kind, number)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX vendors_batch_open ON vendors_batch (vendor, kind) WHERE closed_at IS NULL;
        CREATE INDEX vendors_batch_unbooked ON vendors_batch (vendor) WHERE booked = 0;
        CREATE TRIGGER vendors_batch_is_final BEFORE UPDATE ON vendors_batch WHEN old.closed_at IS NOT NULL AND (new.totals, new.up_to_entry, new.commission) IS NOT (old.totals, old.up_to_entry, old.commission)
            BEGIN SELECT RAISE(ABORT, 'a closed batch is final'); END;

        CREATE TABLE vendors_slip (
            reference TEXT NOT NULL PRIMARY KEY, vendor TEXT NOT NULL REFERENCES vendors_vendor (code),
            minor_units INTEGER NOT NULL, currency TEXT NOT NULL, written_at INTEGER NOT NULL, banking INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE vendors_bank_line (
            id TEXT NOT NULL PRIMARY KEY, value_date INTEGER NOT NULL, reference TEXT NOT NULL,
            minor_units INTEGER NOT NULL, currency TEXT NOT NULL,
            vendor TEXT, first_approver TEXT, second_approver TEXT, booked INTEGER NOT NULL, version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX vendors_bank_line_waiting ON vendors_bank_line (value_date) WHERE vendor IS NULL;
        CREATE INDEX vendors_bank_line_unbooked ON vendors_bank_line (value_date) WHERE booked = 0;
        """), CountedDrawers, Leases);

    /// <summary>What people count is as final as what the ledger counts.</summary>
    private static Migration CountedDrawers => new(
        2,
        "drawers counted at both ends of a shift, the smallest coin",
        """
        ALTER TABLE vendors_vendor ADD COLUMN coin INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE vendors_batch ADD COLUMN opening_cash INTEGER;
        ALTER TABLE vendors_batch ADD COLUMN closed_by TEXT;
        ALTER TABLE vendors_batch ADD COLUMN counted_cash INTEGER;
        ALTER TABLE vendors_batch ADD COLUMN till TEXT;
        DROP TRIGGER vendors_batch_is_final;
        CREATE TRIGGER vendors_batch_is_final BEFORE UPDATE ON vendors_batch
            WHEN old.closed_at IS NOT NULL AND (new.totals, new.up_to_entry, new.commission, new.opening_cash, new.closed_by, new.counted_cash)
                IS NOT (old.totals, old.up_to_entry, old.commission, old.opening_cash, old.closed_by, old.counted_cash)
            BEGIN SELECT RAISE(ABORT, 'a closed batch is final'); END;
        CREATE INDEX vendors_slip_vendor ON vendors_slip (vendor, written_at);
        """);

    private static Migration Leases => new(3, "parts of floats with terminals", """
        CREATE TABLE vendors_lease (
            no INTEGER PRIMARY KEY,
            vendor TEXT NOT NULL REFERENCES vendors_vendor (code), slot INTEGER NOT NULL,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), holder TEXT NOT NULL, minor_units INTEGER NOT NULL CHECK (minor_units > 0),
            granted_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, returned_at INTEGER
        ) STRICT;
        CREATE INDEX vendors_lease_slot ON vendors_lease (vendor, slot, no);
        CREATE UNIQUE INDEX vendors_lease_open ON vendors_lease (vendor, slot) WHERE returned_at IS NULL;
        """);
}
