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
        """));
}
