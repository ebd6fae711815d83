namespace Latchkey.Dlms.Cosem;

/// <summary>What an association may do with an attribute or a method, and under which protection.</summary>
/// <remarks>Source: IEC 62056-6-2, Association LN (class_id 15, version 3), access_mode.</remarks>
[Flags]
public enum AccessRights : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Read an attribute, or call a method.</summary>
    Read = 1,
    /// <summary>Write an attribute.</summary>
    Write = 2,
    /// <summary>Only with an authenticated request.</summary>
    AuthenticatedRequest = 4,
    /// <summary>Only with an encrypted request.</summary>
    EncryptedRequest = 8,
    /// <summary>Only with a signed request.</summary>
    SignedRequest = 16,
    /// <summary>Only where the response is authenticated.</summary>
    AuthenticatedResponse = 32,
    /// <summary>Only where the response is encrypted.</summary>
    EncryptedResponse = 64,
    /// <summary>Only where the response is signed.</summary>
    SignedResponse = 128,
}

/// <summary>Gives one client rights on a run of attributes or methods of an object.</summary>
/// <param name="Client">The client's address.</param>
/// <param name="IsMethod">Whether methods are meant.</param>
/// <param name="First">First index.</param>
/// <param name="Last">Last index.</param>
/// <param name="Rights">The rights.</param>
public readonly record struct AccessGrant(ushort Client, bool IsMethod, sbyte First, sbyte Last, AccessRights Rights)
{
    /// <summary>All attributes for reading.</summary>
    public static AccessGrant ReadAll(ushort client) => new(client, IsMethod: false, 1, sbyte.MaxValue, AccessRights.Read);

    /// <summary>One attribute for reading.</summary>
    public static AccessGrant ReadOne(ushort client, sbyte attribute) => new(client, IsMethod: false, attribute, attribute, AccessRights.Read);

    /// <summary>One attribute for reading and, authenticated and encrypted, for writing.</summary>
    public static AccessGrant SecuredWrite(ushort client, sbyte attribute) => new(
        client, IsMethod: false, attribute, attribute, AccessRights.Read | AccessRights.Write | Secured);

    /// <summary>All methods, authenticated and encrypted.</summary>
    public static AccessGrant SecuredCall(ushort client) => new(client, IsMethod: true, 1, sbyte.MaxValue, AccessRights.Read | Secured);

    private const AccessRights Secured = AccessRights.AuthenticatedRequest | AccessRights.EncryptedRequest;
}
