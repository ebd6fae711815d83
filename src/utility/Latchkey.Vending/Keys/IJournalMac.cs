namespace Latchkey.Vending;

/// <summary>Authenticates the signer's own records under a key that lies in no database.</summary>
public interface IJournalMac
{
    /// <summary>HMAC-SHA256 over both, one after the other.</summary>
    byte[] Mac(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> content);
}
