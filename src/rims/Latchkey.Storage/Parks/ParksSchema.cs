namespace Latchkey.Storage.Parks;

/// <summary>The tables of the parks. Times are UTC ticks; money is minor units beside a currency's code.</summary>
public static class ParksSchema
{
    public static RoomSchema Room { get; } = new("parks", new Migration(1, "sites, tenants, occupancies, top-ups, watches, forced switches", """
        CREATE TABLE parks_park (
            id BLOB PRIMARY KEY, name TEXT NOT NULL, name_zh TEXT NOT NULL, time_zone TEXT NOT NULL, currency TEXT NOT NULL
        ) STRICT;

        CREATE TABLE parks_building (
            id BLOB PRIMARY KEY, park_id BLOB NOT NULL REFERENCES parks_park (id), name TEXT NOT NULL
        ) STRICT;
        CREATE INDEX parks_building_of_park ON parks_building (park_id, name);

        CREATE TABLE parks_room (
            id BLOB PRIMARY KEY, building_id BLOB NOT NULL REFERENCES parks_building (id), number TEXT NOT NULL, pan INTEGER, price_plan TEXT NOT NULL
        ) STRICT;
        CREATE INDEX parks_room_of_building ON parks_room (building_id, number);
        CREATE UNIQUE INDEX parks_room_of_meter ON parks_room (pan) WHERE pan IS NOT NULL;

        CREATE TABLE parks_tenant (
            id BLOB PRIMARY KEY, name TEXT NOT NULL, open_id TEXT, phone TEXT, language INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX parks_tenant_of_openid ON parks_tenant (open_id) WHERE open_id IS NOT NULL;

        CREATE TABLE parks_occupancy (
            id BLOB PRIMARY KEY,
            room_id BLOB NOT NULL REFERENCES parks_room (id),
            tenant_id BLOB NOT NULL REFERENCES parks_tenant (id),
            moved_in_at INTEGER NOT NULL,
            opening_import_mwh INTEGER NOT NULL,
            opening_credit_mwh INTEGER NOT NULL,
            moved_out_at INTEGER,
            read_at INTEGER, closing_import_mwh INTEGER, bought_mwh INTEGER, paid INTEGER, currency TEXT,
            remaining_credit_mwh INTEGER, remaining_value INTEGER, open_top_ups INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX parks_occupancy_open ON parks_occupancy (room_id) WHERE moved_out_at IS NULL;
        CREATE INDEX parks_occupancy_of_room ON parks_occupancy (room_id, moved_in_at);

        CREATE TABLE parks_top_up (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            room_id BLOB NOT NULL REFERENCES parks_room (id),
            tenant_id BLOB NOT NULL REFERENCES parks_tenant (id),
            pan INTEGER NOT NULL,
            amount INTEGER NOT NULL,
            currency TEXT NOT NULL,
            provider TEXT NOT NULL,
            method INTEGER NOT NULL,
            payer TEXT,
            created_at INTEGER NOT NULL,
            state INTEGER NOT NULL,
            paid_at INTEGER, issued_at INTEGER, sent_at INTEGER, credited_at INTEGER, ended_at INTEGER,
            tokens TEXT NOT NULL,
            granted_mwh INTEGER,
            told INTEGER NOT NULL,
            code TEXT,
            due_at INTEGER,
            failures INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX parks_top_up_of_room ON parks_top_up (room_id, created_at);
        CREATE INDEX parks_top_up_due ON parks_top_up (due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE parks_watch (
            pan INTEGER PRIMARY KEY, occupancy_id BLOB NOT NULL, last_at INTEGER NOT NULL, low_since INTEGER, off_since INTEGER,
            notices TEXT NOT NULL, has_news INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX parks_watch_news ON parks_watch (pan) WHERE has_news = 1;

        CREATE TABLE parks_forced_switch (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            room_id BLOB NOT NULL REFERENCES parks_room (id),
            position INTEGER NOT NULL,
            reason TEXT NOT NULL,
            requested_by TEXT NOT NULL,
            requested_at INTEGER NOT NULL,
            state INTEGER NOT NULL,
            decided_by TEXT,
            decided_at INTEGER,
            version INTEGER NOT NULL,
            CHECK (decided_by IS NULL OR decided_by <> requested_by)
        ) STRICT;
        CREATE INDEX parks_forced_switch_of_room ON parks_forced_switch (room_id, requested_at);
        CREATE INDEX parks_forced_switch_open ON parks_forced_switch (requested_at) WHERE state IN (1, 2);
        """));
}
