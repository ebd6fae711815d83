using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Dlms.Security;

/// <summary>An encryption key with the authentication key that goes into its tags. Made once per key: that is the dear part.</summary>
/// <remarks>Not for use from two threads at once. Source: IEC 62056-5-3, AES-GCM; NIST SP 800-38D.</remarks>
public sealed class CipherKey : IDisposable
{
    /// <summary>Octets of the tag.</summary>
    public const int TagSize = 12;

    /// <summary>Octets of security control and invocation counter.</summary>
    public const int HeaderSize = 5;

    private const int NonceSize = 12;
    private const int MaxStackAad = 256;
    private readonly AesGcm _gcm;
    private readonly byte[] _authenticationKey;

    /// <summary>Takes copies of both keys: 16 octets each, or 32 in suite 2.</summary>
    public CipherKey(SecuritySuite suite, ReadOnlySpan<byte> encryptionKey, ReadOnlySpan<byte> authenticationKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(encryptionKey.Length, suite.KeySize());
        ArgumentOutOfRangeException.ThrowIfNotEqual(authenticationKey.Length, suite.KeySize());
        Suite = suite;
        _gcm = new AesGcm(encryptionKey, TagSize);
        _authenticationKey = authenticationKey.ToArray();
    }

    /// <summary>The suite that the key belongs to.</summary>
    public SecuritySuite Suite { get; }

    /// <summary>Another encryption key with the same authentication key, as dedicated and transported keys are used.</summary>
    internal CipherKey WithEncryptionKey(ReadOnlySpan<byte> encryptionKey) => new(Suite, encryptionKey, _authenticationKey);

    /// <summary>Octets that protection adds to an APDU: header and, where authenticated, the tag.</summary>
    public static int Overhead(SecurityControl control) => HeaderSize + (control.IsAuthenticated ? TagSize : 0);

    /// <summary>Writes security control, counter, body and tag; returns the octets written, 0 when they do not fit.</summary>
    /// <param name="control">What to do.</param>
    /// <param name="sender">This side's title; with the counter it makes the nonce, which must never come twice under one key.</param>
    /// <param name="counter">The invocation counter.</param>
    /// <param name="additional">What general-ciphering authenticates besides; else empty.</param>
    /// <param name="plain">The APDU.</param>
    /// <param name="output">Must not overlap <paramref name="plain"/>.</param>
    public int Protect(
        SecurityControl control, SystemTitle sender, uint counter, ReadOnlySpan<byte> additional, ReadOnlySpan<byte> plain, Span<byte> output)
    {
        RequireOwnSuite(control);
        int size = plain.Length + Overhead(control);
        if (output.Length < size) return 0;
        output[0] = control.Octet;
        BinaryPrimitives.WriteUInt32BigEndian(output[1..], counter);
        Span<byte> body = output.Slice(HeaderSize, plain.Length);
        Span<byte> tag = control.IsAuthenticated ? output.Slice(HeaderSize + plain.Length, TagSize) : stackalloc byte[TagSize];
        if (control.IsEncrypted)
        {
            Crypt(control, sender, counter, additional, plain, body, tag);
            return size;
        }

        plain.CopyTo(body);
        Authenticate(control, sender, counter, additional, plain, tag);
        return size;
    }

    /// <summary>Takes protection off; false when the tag is wrong, and then <paramref name="plain"/> holds nothing of the body.</summary>
    /// <param name="secured">Security control, counter, body and tag.</param>
    /// <param name="sender">The other side's title.</param>
    /// <param name="additional">What general-ciphering authenticates besides; else empty.</param>
    /// <param name="plain">Room for the APDU; must not overlap <paramref name="secured"/>.</param>
    /// <param name="size">Octets of the APDU.</param>
    public bool TryUnprotect(ReadOnlySpan<byte> secured, SystemTitle sender, ReadOnlySpan<byte> additional, Span<byte> plain, out int size)
    {
        size = 0;
        if (secured.Length < HeaderSize) return false;
        var control = new SecurityControl(secured[0]);
        if (!control.IsSupported || control.Suite != Suite) return false;
        int length = secured.Length - Overhead(control);
        if (length < 0 || length > plain.Length) return false;
        uint counter = BinaryPrimitives.ReadUInt32BigEndian(secured[1..]);
        ReadOnlySpan<byte> body = secured.Slice(HeaderSize, length);
        ReadOnlySpan<byte> tag = secured[(HeaderSize + length)..];
        bool opened = control.IsEncrypted
            ? TryDecrypt(control, sender, counter, additional, body, tag, plain[..length])
            : TryVerify(control, sender, counter, additional, body, tag, plain[..length]);
        size = opened ? length : 0;
        return opened;
    }

    /// <summary>GMAC over a challenge: the proof of HLS mechanism 5.</summary>
    public void ComputeGmac(SecurityControl control, SystemTitle sender, uint counter, ReadOnlySpan<byte> challenge, Span<byte> tag) =>
        Authenticate(control, sender, counter, default, challenge, tag);

    /// <summary>Clears the keys.</summary>
    public void Dispose()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_authenticationKey);
    }

    private bool TryDecrypt(
        SecurityControl control, SystemTitle sender, uint counter, ReadOnlySpan<byte> additional, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag,
        Span<byte> plain)
    {
        if (!control.IsAuthenticated)
        {
            // Counter mode is its own inverse; with no tag to check, encrypting the ciphertext gives the plaintext back.
            Span<byte> unused = stackalloc byte[TagSize];
            Crypt(control, sender, counter, additional, body, plain, unused);
            return true;
        }

        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(sender, counter, nonce);
        int aadSize = 1 + _authenticationKey.Length + additional.Length;
        byte[]? rented = aadSize > MaxStackAad ? ArrayPool<byte>.Shared.Rent(aadSize) : null;
        Span<byte> aad = rented ?? stackalloc byte[MaxStackAad];
        try
        {
            _gcm.Decrypt(nonce, body, tag, plain, FillAad(control, additional, default, aad));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plain.Clear();
            return false;
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private bool TryVerify(
        SecurityControl control, SystemTitle sender, uint counter, ReadOnlySpan<byte> additional, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag,
        Span<byte> plain)
    {
        Span<byte> expected = stackalloc byte[TagSize];
        Authenticate(control, sender, counter, additional, body, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag)) return false;
        body.CopyTo(plain);
        return true;
    }

    private void Crypt(
        SecurityControl control, SystemTitle sender, uint counter, ReadOnlySpan<byte> additional, ReadOnlySpan<byte> input, Span<byte> output,
        Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(sender, counter, nonce);
        int aadSize = control.IsAuthenticated ? 1 + _authenticationKey.Length + additional.Length : 0;
        byte[]? rented = aadSize > MaxStackAad ? ArrayPool<byte>.Shared.Rent(aadSize) : null;
        Span<byte> aad = rented ?? stackalloc byte[MaxStackAad];
        ReadOnlySpan<byte> filled = control.IsAuthenticated ? FillAad(control, additional, default, aad) : default;
        _gcm.Encrypt(nonce, input, output, tag, filled);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }

    private void Authenticate(
        SecurityControl control, SystemTitle sender, uint counter, ReadOnlySpan<byte> additional, ReadOnlySpan<byte> data, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(sender, counter, nonce);
        int aadSize = 1 + _authenticationKey.Length + additional.Length + data.Length;
        byte[]? rented = aadSize > MaxStackAad ? ArrayPool<byte>.Shared.Rent(aadSize) : null;
        Span<byte> aad = rented ?? stackalloc byte[MaxStackAad];
        _gcm.Encrypt(nonce, default, default, tag, FillAad(control, additional, data, aad));
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }

    private ReadOnlySpan<byte> FillAad(SecurityControl control, ReadOnlySpan<byte> additional, ReadOnlySpan<byte> data, Span<byte> aad)
    {
        aad[0] = control.Octet;
        _authenticationKey.CopyTo(aad[1..]);
        int position = 1 + _authenticationKey.Length;
        additional.CopyTo(aad[position..]);
        data.CopyTo(aad[(position + additional.Length)..]);
        return aad[..(position + additional.Length + data.Length)];
    }

    private static void WriteNonce(SystemTitle sender, uint counter, Span<byte> nonce)
    {
        sender.Write(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[SystemTitle.Size..], counter);
    }

    private void RequireOwnSuite(SecurityControl control)
    {
        if (!control.IsSupported || control.Suite != Suite) throw new ArgumentOutOfRangeException(nameof(control), "not of the key's suite");
    }
}
