namespace Latchkey.Storage.Vending;

/// <summary>The tables of vending clients' messages and of refunds.</summary>
internal static class ClientSchema
{
    public static RoomSchema Room { get; } = new("clients", new Migration(1, "clients' messages, refunds", """
        CREATE TABLE vend_client_message (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            kind INTEGER NOT NULL, client TEXT NOT NULL, at INTEGER NOT NULL, original BLOB, pan INTEGER, detail TEXT NOT NULL
        ) WITHOUT ROWID, STRICT;
        CREATE INDEX vend_client_message_original ON vend_client_message (original, at) WHERE original IS NOT NULL;
        CREATE INDEX vend_client_message_question ON vend_client_message (at) WHERE kind = 1 OR kind = 4 OR kind = 5;

        CREATE TABLE vend_refund (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            pan INTEGER NOT NULL, minor_units INTEGER NOT NULL, currency TEXT NOT NULL, reason TEXT NOT NULL,
            first_approver TEXT NOT NULL, second_approver TEXT NOT NULL, at INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT;
        CREATE INDEX vend_refund_pan ON vend_refund (pan, at);
        """), ApiClients);

    /// <summary>Programs that may call, what they sold in a day, and what is known of a meter beside selling.</summary>
    private static Migration ApiClients => new(2, "API clients, their days, meters' cards", """
        CREATE TABLE api_client (
            name TEXT NOT NULL PRIMARY KEY,
            key_sha256 TEXT UNIQUE, earlier_sha256 TEXT, certificate TEXT UNIQUE, document TEXT NOT NULL
        ) WITHOUT ROWID, STRICT;
        CREATE INDEX api_client_earlier ON api_client (earlier_sha256) WHERE earlier_sha256 IS NOT NULL;

        CREATE TABLE api_client_sale (
            purchase BLOB PRIMARY KEY CHECK (length(purchase) = 16),
            client TEXT NOT NULL, day INTEGER NOT NULL, minor_units INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT;
        CREATE INDEX api_client_sale_day ON api_client_sale (client, day);

        CREATE TABLE api_client_day (
            client TEXT NOT NULL, day INTEGER NOT NULL, minor_units INTEGER NOT NULL CHECK (minor_units >= 0),
            PRIMARY KEY (client, day)
        ) WITHOUT ROWID, STRICT;

        CREATE TABLE vend_meter_card (pan INTEGER PRIMARY KEY, customer TEXT NOT NULL, make TEXT NOT NULL) STRICT;
        """);
}
