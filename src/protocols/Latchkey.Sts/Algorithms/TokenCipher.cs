using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Sts;

/// <summary>Encrypts and decrypts the 64-bit blocks of one meter's tokens. Keys are expanded once; a block then costs no allocation.</summary>
/// <remarks>Not for use from several threads while <see cref="Rekey"/> runs. Source: IEC 62055-41, encryption algorithms EA07, EA09 and EA11.</remarks>
public abstract class TokenCipher : IDisposable
{
    private protected TokenCipher()
    {
    }

    /// <summary>The algorithm.</summary>
    /// <remarks>Source: IEC 62055-41, EncryptionAlgorithm.</remarks>
    public abstract EncryptionAlgorithm Algorithm { get; }

    /// <summary>Takes a key into use. The cipher keeps its own copy, cleared by <see cref="Dispose()"/>.</summary>
    /// <param name="algorithm">EA07, EA09 or EA11.</param>
    /// <param name="key">8 bytes, or 16 for EA11.</param>
    /// <param name="tables">For EA07: the licensed tables, or null for the standard's sample tables, which no real meter uses.</param>
    /// <exception cref="ArgumentException">The key's length does not fit the algorithm.</exception>
    /// <remarks>Source: IEC 62055-41, EncryptionAlgorithm.</remarks>
    public static TokenCipher Create(EncryptionAlgorithm algorithm, DecoderKey key, StaTables? tables = null)
    {
        TokenCipher cipher = algorithm switch
        {
            EncryptionAlgorithm.Ea07 => new Ea07Cipher(tables ?? StaTables.Sample),
            EncryptionAlgorithm.Ea09 => new Ea09Cipher(),
            EncryptionAlgorithm.Ea11 => new Ea11Cipher(),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "EA07, EA09 or EA11"),
        };
        cipher.Rekey(key);
        return cipher;
    }

    /// <summary>Replaces the key, for going through many meters with one object and no allocation.</summary>
    /// <exception cref="ArgumentException">The key's length does not fit the algorithm.</exception>
    /// <remarks>Source: IEC 62055-41, EncryptionAlgorithm.</remarks>
    public abstract void Rekey(DecoderKey key);

    /// <summary>Encrypts a plain block.</summary>
    /// <remarks>Source: IEC 62055-41, encryption algorithms.</remarks>
    public abstract ulong Encrypt(ulong block);

    /// <summary>Decrypts a block.</summary>
    /// <remarks>Source: IEC 62055-41, decryption algorithms.</remarks>
    public abstract ulong Decrypt(ulong block);

    /// <summary>Encrypts a plain block of class 0 or 2 and puts its class bits in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another class: those are not encrypted.</exception>
    /// <remarks>Source: IEC 62055-41, TransferCredit and meter-specific management.</remarks>
    public TokenNumber Seal(TokenClass tokenClass, ulong plainBlock)
    {
        if (tokenClass is not (TokenClass.CreditTransfer or TokenClass.MeterSpecificManagement))
            throw new ArgumentOutOfRangeException(nameof(tokenClass), tokenClass, "Class 0 or 2");
        return TokenNumber.FromBlock(tokenClass, Encrypt(plainBlock));
    }

    /// <summary>Clears the expanded key.</summary>
    /// <remarks>Source: IEC 62055-41, encryption algorithms EA07, EA09 and EA11.</remarks>
    public void Dispose()
    {
        Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>The algorithm's name; never the key.</summary>
    /// <remarks>Source: IEC 62055-41, encryption algorithms EA07, EA09 and EA11.</remarks>
    public override string ToString() => $"TokenCipher({Algorithm})";

    private protected abstract void Clear();

    private protected static ReadOnlySpan<byte> Require(DecoderKey key, int length) =>
        key.Length == length ? key.Bytes : throw new ArgumentException($"This algorithm takes a key of {length} bytes, not {key.Length}.", nameof(key));
}

internal sealed class Ea07Cipher(StaTables tables) : TokenCipher
{
    private readonly StaRoundTables _tables = tables.Rounds;
    private readonly ushort[] _schedule = GC.AllocateArray<ushort>(Sta.ScheduleLength, pinned: true);

    public override EncryptionAlgorithm Algorithm => EncryptionAlgorithm.Ea07;

    public override void Rekey(DecoderKey key) => Sta.Expand(BinaryPrimitives.ReadUInt64BigEndian(Require(key, DecoderKey.ShortLength)), _schedule);

    public override ulong Encrypt(ulong block) => Sta.Encrypt(_tables, _schedule, block);

    public override ulong Decrypt(ulong block) => Sta.Decrypt(_tables, _schedule, block);

    private protected override void Clear() => CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_schedule.AsSpan()));
}

internal sealed class Ea09Cipher : TokenCipher
{
    private readonly ulong[] _schedule = GC.AllocateArray<ulong>(Des.ScheduleLength, pinned: true);

    public override EncryptionAlgorithm Algorithm => EncryptionAlgorithm.Ea09;

    public override void Rekey(DecoderKey key) => Des.Expand(Require(key, DecoderKey.ShortLength), _schedule);

    public override ulong Encrypt(ulong block) => Des.Encrypt(_schedule, block);

    public override ulong Decrypt(ulong block) => Des.Decrypt(_schedule, block);

    private protected override void Clear() => CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_schedule.AsSpan()));
}

internal sealed class Ea11Cipher : TokenCipher
{
    private readonly ushort[] _schedule = GC.AllocateArray<ushort>(Misty1.ScheduleLength, pinned: true);

    public override EncryptionAlgorithm Algorithm => EncryptionAlgorithm.Ea11;

    public override void Rekey(DecoderKey key) => Misty1.Expand(Require(key, DecoderKey.LongLength), _schedule);

    public override ulong Encrypt(ulong block) => Misty1.Encrypt(_schedule, block);

    public override ulong Decrypt(ulong block) => Misty1.Decrypt(_schedule, block);

    private protected override void Clear() => CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_schedule.AsSpan()));
}
