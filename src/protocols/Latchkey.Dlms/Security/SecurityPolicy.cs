namespace Latchkey.Dlms.Security;

/// <summary>What protection requests must have and responses get.</summary>
/// <remarks>Source: IEC 62056-6-2, Security setup (class_id 64, version 1), security_policy.</remarks>
[Flags]
public enum SecurityPolicy : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Requests must be authenticated.</summary>
    AuthenticatedRequest = 0x04,
    /// <summary>Requests must be encrypted.</summary>
    EncryptedRequest = 0x08,
    /// <summary>Requests must be signed.</summary>
    SignedRequest = 0x10,
    /// <summary>Responses are authenticated.</summary>
    AuthenticatedResponse = 0x20,
    /// <summary>Responses are encrypted.</summary>
    EncryptedResponse = 0x40,
    /// <summary>Responses are signed.</summary>
    SignedResponse = 0x80,
}
