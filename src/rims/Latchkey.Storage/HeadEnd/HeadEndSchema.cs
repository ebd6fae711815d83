namespace Latchkey.Storage.HeadEnd;

/// <summary>The tables of the head-end. Times are UTC ticks; a meter's number is its eighteen digits as an integer.</summary>
public static class HeadEndSchema
{
    public static RoomSchema Room { get; } = new("headend", new Migration(1, "meters, deliveries, readings, events", """
        CREATE TABLE headend_meter (
            pan INTEGER PRIMARY KEY,
            wrapped_key BLOB NOT NULL,
            model TEXT NOT NULL,
            coverage INTEGER NOT NULL,
            module_kind INTEGER, module_serial INTEGER, module_seen_at INTEGER,
            last_contact_at INTEGER,
            last_channel TEXT,
            rssi_dbm INTEGER,
            inbound_highest INTEGER NOT NULL,
            inbound_seen INTEGER NOT NULL,
            outbound_reserved INTEGER NOT NULL,
            next_sequence INTEGER NOT NULL,
            round_trip_ms INTEGER NOT NULL,
            round_trip_deviation_ms INTEGER NOT NULL,
            desired_relay INTEGER,
            desired_parameters TEXT NOT NULL,
            confirmed_parameters TEXT NOT NULL,
            reported_at INTEGER, import_mwh INTEGER, credit_milli INTEGER, relay INTEGER, power_mw INTEGER, voltage_mv INTEGER,
            current_ma INTEGER, granted_milli INTEGER, consumed_milli INTEGER, off_reasons INTEGER, tamper_bits INTEGER
        ) STRICT;

        CREATE TABLE headend_delivery (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            pan INTEGER NOT NULL REFERENCES headend_meter (pan),
            sequence INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            tokens TEXT NOT NULL,
            subject INTEGER,
            value INTEGER,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            held_until INTEGER,
            state INTEGER NOT NULL,
            proof INTEGER NOT NULL,
            proven_by INTEGER,
            meter_status INTEGER,
            evidence TEXT,
            exchanges INTEGER NOT NULL,
            datagrams INTEGER NOT NULL,
            first_sent_at INTEGER,
            link_acknowledged_at INTEGER,
            closed_at INTEGER
        ) STRICT;

        CREATE UNIQUE INDEX headend_delivery_of_meter ON headend_delivery (pan, sequence);
        CREATE INDEX headend_delivery_open ON headend_delivery (pan) WHERE state IN (1, 2);

        CREATE TABLE headend_day (
            pan INTEGER NOT NULL, channel INTEGER NOT NULL, day INTEGER NOT NULL, block BLOB NOT NULL,
            PRIMARY KEY (pan, channel, day)
        ) WITHOUT ROWID, STRICT;

        CREATE TABLE headend_event (
            pan INTEGER NOT NULL, at INTEGER NOT NULL, code INTEGER NOT NULL, detail INTEGER NOT NULL, received_at INTEGER NOT NULL,
            PRIMARY KEY (pan, at, code, detail)
        ) WITHOUT ROWID, STRICT;
        """));
}
