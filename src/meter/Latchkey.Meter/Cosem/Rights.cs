using Latchkey.Dlms.Cosem;

namespace Latchkey.Meter.Cosem;

/// <summary>Who may do what, in a few kinds: the public client sees who the meter is, the reading client its values, and only the management client,
/// authenticated and encrypted, changes anything.</summary>
internal static class Rights
{
    public const ushort Public = 16;
    public const ushort Reading = 32;
    public const ushort Management = 1;
    public const ushort Push = 48;
    public const ushort Broadcast = 102;

    /// <summary>Everybody reads logical name and value.</summary>
    public static AccessGrant[] Open(params sbyte[] writable) =>
        [new AccessGrant(Public, IsMethod: false, 1, 2, AccessRights.Read), .. Readable(writable)];

    /// <summary>The reading and the management client read all of it; the management client writes some and calls nothing.</summary>
    public static AccessGrant[] Readable(params sbyte[] writable) => [AccessGrant.ReadAll(Reading), .. Managed(writable)];

    /// <summary>Who speaks to many meters at once may set this, and nothing else: a key that many meters hold is worth less than one that one holds.</summary>
    public static AccessGrant Told(sbyte attribute) => AccessGrant.SecuredWrite(Broadcast, attribute) with
    {
        Rights = AccessRights.Write | AccessRights.AuthenticatedRequest | AccessRights.EncryptedRequest,
    };

    /// <summary>The same, and the management client calls every method.</summary>
    public static AccessGrant[] Callable(params sbyte[] writable) => [.. Readable(writable), AccessGrant.SecuredCall(Management)];

    /// <summary>The management client alone reads, and writes some.</summary>
    public static AccessGrant[] Managed(params sbyte[] writable) =>
        [AccessGrant.ReadAll(Management), .. writable.Select(a => AccessGrant.SecuredWrite(Management, a))];

    /// <summary>The management client alone reads, writes some and calls.</summary>
    public static AccessGrant[] Secured(params sbyte[] writable) => [.. Managed(writable), AccessGrant.SecuredCall(Management)];
}
