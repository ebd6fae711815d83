using System.Security.Cryptography;
using System.Text;
using Latchkey.ModuleLink.Envelope;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Meters;

/// <summary>Wraps the meters' message keys for the store and opens them for use.</summary>
/// <remarks>
/// Each meter has its own wrapping key, derived from the master with the meter's number, so a row copied to another meter does not open.
/// Sources: RFC 5649 (AES key wrap with padding), RFC 5869 (HKDF-SHA256).
/// </remarks>
public sealed class MessageKeyVault : IDisposable
{
    public const int MasterKeyLength = 32;
    private readonly byte[] _master;

    /// <summary>Copies the master key.</summary>
    public MessageKeyVault(ReadOnlySpan<byte> masterKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterKey.Length, MasterKeyLength, nameof(masterKey));
        _master = masterKey.ToArray();
    }

    public byte[] Wrap(MeterPan pan, ReadOnlySpan<byte> messageKey)
    {
        using Aes aes = WrappingCipher(pan);
        return aes.EncryptKeyWrapPadded(messageKey);
    }

    /// <summary>Opens a key wrapped for this meter; false when it was wrapped for another, under another master, or is damaged.</summary>
    public bool TryUnwrap(MeterPan pan, ReadOnlySpan<byte> wrapped, out MessageKey? key)
    {
        key = null;
        if (wrapped.Length < 16 || wrapped.Length % 8 != 0 || wrapped.Length > 8 + MessageKey.MaxLength) return false;
        using Aes aes = WrappingCipher(pan);
        Span<byte> plain = stackalloc byte[MessageKey.MaxLength];
        try
        {
            if (!aes.TryDecryptKeyWrapPadded(wrapped, plain, out int length) || length < MessageKey.MinLength) return false;
            key = new MessageKey(plain[..length]);
            return true;
        }
        catch (CryptographicException)
        {
            return false; // the integrity check of the wrap failed: the one way in which this input can be wrong
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_master);

    private Aes WrappingCipher(MeterPan pan)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, key, salt: [], info: Encoding.ASCII.GetBytes($"latchkey message key {pan}"));
        var aes = Aes.Create();
        try
        {
            aes.SetKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }

        return aes;
    }
}
