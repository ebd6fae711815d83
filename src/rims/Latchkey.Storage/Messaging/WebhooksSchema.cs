namespace Latchkey.Storage.Messaging;

/// <summary>The tables of webhooks, and what makes a fact of the other rooms an event: triggers, so that both are one transaction.</summary>
/// <remarks>
/// The triggers are made anew at each start, because a room that rebuilds its table takes them with it. They write only while somebody listens, and
/// neither a token nor a name goes into an event.
/// </remarks>
public static class WebhooksSchema
{
    public static RoomSchema Room { get; } = new("webhooks", new Migration(1, "endpoints, events, deliveries", """
        CREATE TABLE webhook_endpoint (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            client TEXT NOT NULL, disabled INTEGER NOT NULL, spread_to INTEGER NOT NULL, document TEXT NOT NULL, secret BLOB NOT NULL, earlier BLOB
        ) WITHOUT ROWID, STRICT;
        CREATE INDEX webhook_endpoint_client ON webhook_endpoint (client);

        CREATE TABLE webhook_event (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            type TEXT NOT NULL, at INTEGER NOT NULL, client TEXT, data TEXT NOT NULL, endpoint BLOB
        ) STRICT;
        CREATE INDEX webhook_event_at ON webhook_event (at);

        CREATE TABLE webhook_delivery (
            endpoint BLOB NOT NULL REFERENCES webhook_endpoint (id) ON DELETE CASCADE,
            number INTEGER NOT NULL REFERENCES webhook_event (number) ON DELETE CASCADE,
            attempts INTEGER NOT NULL, next_at INTEGER, outcome TEXT NOT NULL,
            PRIMARY KEY (endpoint, number)
        ) WITHOUT ROWID, STRICT;
        CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at) WHERE next_at IS NOT NULL;
        CREATE INDEX webhook_delivery_event ON webhook_delivery (number);
        """), Subjects);

    /// <summary>Every fact is of a meter, and what happens to one meter is told in its order.</summary>
    private static Migration Subjects => new(2, "subjects of events", """
        ALTER TABLE webhook_event ADD COLUMN subject TEXT GENERATED ALWAYS AS (json_extract(data, '$.meterPan')) VIRTUAL;
        CREATE INDEX webhook_delivery_waiting ON webhook_delivery (endpoint, number) WHERE next_at IS NOT NULL;
        """);

    private const string Listening = "EXISTS (SELECT 1 FROM webhook_endpoint WHERE disabled = 0)";

    private const string OrderType = """
        CASE new.state WHEN 4 THEN 'purchase.posted' WHEN 6 THEN 'purchase.credited' WHEN 7 THEN 'purchase.declined' WHEN 8 THEN 'purchase.expired'
            WHEN 9 THEN 'purchase.reversed' ELSE 'purchase.cancelled' END
        """;

    private const string OrderEvent = $"""
        INSERT INTO webhook_event (type, at, client, data) VALUES (
            {OrderType},
            CASE new.state WHEN 4 THEN coalesce(new.posted_at, new.received_at) WHEN 6 THEN coalesce(new.credited_at, new.received_at) ELSE coalesce(new.ended_at, new.received_at) END,
            new.operator,
            json_object('purchaseId', {IdText}, 'meterPan', printf('%018d', new.pan), 'amountMinorUnits', new.minor_units, 'currency', new.currency,
                'channel', new.channel, 'refusal', new.refusal));
        """;

    private const string IdText = """
        lower(substr(hex(new.id), 1, 8) || '-' || substr(hex(new.id), 9, 4) || '-' || substr(hex(new.id), 13, 4) || '-' || substr(hex(new.id), 17, 4) || '-' || substr(hex(new.id), 21))
        """;

    /// <summary>States that are told: posted, credited, declined, expired, reversed, cancelled.</summary>
    private const string Told = "new.state IN (4, 6, 7, 8, 9, 11)";

    private const string KeyChangeEvent = """
        INSERT INTO webhook_event (type, at, client, data) VALUES (
            CASE new.state WHEN 1 THEN 'key-change.planned' WHEN 2 THEN 'key-change.issued' ELSE 'key-change.done' END, new.at, NULL,
            json_object('meterPan', printf('%018d', new.pan), 'supplyGroup', new.to_sgc, 'keyRevision', new.to_krn, 'tariffIndex', new.to_ti));
        """;

    /// <summary>Ticks of the head end's times, as the milliseconds that all events have.</summary>
    private const string MeterEvent = """
        INSERT INTO webhook_event (type, at, client, data) VALUES (
            'meter.event', (new.at - 621355968000000000) / 10000, NULL,
            json_object('meterPan', printf('%018d', new.pan), 'code', new.code, 'detail', new.detail));
        """;

    internal static IReadOnlyList<string> Triggers { get; } =
    [
        $"CREATE TRIGGER IF NOT EXISTS webhook_order_new AFTER INSERT ON vend_order WHEN {Told} AND {Listening} BEGIN {OrderEvent} END",
        $"CREATE TRIGGER IF NOT EXISTS webhook_order_moved AFTER UPDATE ON vend_order WHEN new.state <> old.state AND {Told} AND {Listening} BEGIN {OrderEvent} END",
        $"CREATE TRIGGER IF NOT EXISTS webhook_key_new AFTER INSERT ON vend_key_change WHEN {Listening} BEGIN {KeyChangeEvent} END",
        $"CREATE TRIGGER IF NOT EXISTS webhook_key_moved AFTER UPDATE ON vend_key_change WHEN new.state <> old.state AND {Listening} BEGIN {KeyChangeEvent} END",
        $"CREATE TRIGGER IF NOT EXISTS webhook_meter_event AFTER INSERT ON headend_event WHEN {Listening} BEGIN {MeterEvent} END",
    ];
}
