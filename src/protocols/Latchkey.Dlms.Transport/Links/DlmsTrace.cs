namespace Latchkey.Dlms.Transport.Links;

/// <summary>Is shown every APDU that goes over a session, as it is on the line. What it prints must not hold keys or tokens:
/// <see cref="Verification.DlmsDecoder"/> redacts them.</summary>
/// <param name="sent">Whether the client sent it.</param>
/// <param name="apdu">The APDU.</param>
public delegate void DlmsTrace(bool sent, ReadOnlySpan<byte> apdu);
