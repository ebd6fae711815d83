using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Sts;

/// <summary>
/// Everything a meter must not lose about tokens: its key, what is known about it, the identifiers used, and parts of a key change. Immutable;
/// it holds secrets, which <see cref="ToString"/> does not show and <see cref="Write"/> does.
/// </summary>
/// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
public sealed class TokenAcceptorState
{
    private const byte Version = 1;
    private const int HeaderLength = 1 + 1 + 8 + 8 + DecoderKey.LongLength + 2;
    private const int SectionLength = 6;
    private const int SectionCount = 4;
    private const int TidLength = 3;

    private readonly byte[] _key;
    private readonly ulong[] _sections;

    private TokenAcceptorState(byte[] key, MeterKeyRegister register, TokenIdentifierStore used, ulong[] sections, DateTimeOffset keyChangeTouchedAt)
    {
        _key = key;
        _sections = sections;
        Register = register;
        Used = used;
        KeyChangeTouchedAt = keyChangeTouchedAt;
    }

    /// <summary>What is known about the key.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister.</remarks>
    public MeterKeyRegister Register { get; }

    /// <summary>The identifiers used.</summary>
    /// <remarks>Source: IEC 62055-41, TID store of the payment meter.</remarks>
    public TokenIdentifierStore Used { get; }

    /// <summary>When the last part of a key change was taken; meaningless when there is none.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
    public DateTimeOffset KeyChangeTouchedAt { get; }

    /// <summary>The length of the key in bytes: 8 or 16.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
    public int KeyLength => _key.Length;

    /// <summary>How many bytes <see cref="Write"/> needs; fixed for a capacity of the store.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
    public int EncodedLength => HeaderLength + (SectionCount * SectionLength) + (Used.Capacity * TidLength);

    /// <summary>A meter's first state, and the one after work in a factory: no identifier used, no key change begun. The key is copied.</summary>
    /// <param name="key">The meter's key.</param>
    /// <param name="register">What is known about it.</param>
    /// <param name="rememberedTokens">How many identifiers the meter holds, 50 to 1024.</param>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister.</remarks>
    public static TokenAcceptorState Initial(DecoderKey key, MeterKeyRegister register, int rememberedTokens = TokenIdentifierStore.MinCapacity) =>
        new(key.Bytes.ToArray(), register, TokenIdentifierStore.Empty(rememberedTokens), new ulong[SectionCount], default);

    /// <summary>The sections of a key change that are there, 1 to 4.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
    public IEnumerable<int> PendingSections => Enumerable.Range(1, SectionCount).Where(HasSection);

    /// <summary>Reads what <see cref="Write"/> wrote; false for anything else, whatever the bytes.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TokenAcceptorState? state)
    {
        state = null;
        if (bytes.Length < HeaderLength + (SectionCount * SectionLength) || bytes[0] != Version) return false;
        int keyLength = bytes[1];
        int capacity = BinaryPrimitives.ReadUInt16BigEndian(bytes[(HeaderLength - 2)..]);
        if (keyLength is not (DecoderKey.ShortLength or DecoderKey.LongLength)) return false;
        if (bytes.Length != HeaderLength + (SectionCount * SectionLength) + (capacity * TidLength)) return false;
        if (!TryReadRegister(bytes.Slice(2, 8), out MeterKeyRegister register)) return false;
        long touchedAt = BinaryPrimitives.ReadInt64BigEndian(bytes[10..]);
        if (touchedAt < 0 || touchedAt > DateTimeOffset.MaxValue.UtcTicks) return false;

        ulong[] sections = new ulong[SectionCount];
        for (int i = 0; i < SectionCount; i++)
        {
            sections[i] = ReadUInt48(bytes[(HeaderLength + (i * SectionLength))..]);
            if (sections[i] != 0 && sections[i] >> 44 != (ulong)i + 1) return false;
        }

        ReadOnlySpan<byte> tids = bytes[(HeaderLength + (SectionCount * SectionLength))..];
        uint[] minutes = new uint[capacity];
        for (int i = 0; i < capacity; i++) minutes[i] = ((uint)tids[i * TidLength] << 16) | BinaryPrimitives.ReadUInt16BigEndian(tids[((i * TidLength) + 1)..]);
        if (!TokenIdentifierStore.TryRestore(minutes, out TokenIdentifierStore? used)) return false;

        state = new TokenAcceptorState(bytes.Slice(18, keyLength).ToArray(), register, used, sections, new DateTimeOffset(touchedAt, TimeSpan.Zero));
        return true;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes, secrets included and without a check value: that is the journal's. The caller protects them.</summary>
    /// <exception cref="ArgumentException">Less room than that.</exception>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
    public void Write(Span<byte> destination)
    {
        if (destination.Length < EncodedLength) throw new ArgumentException($"{EncodedLength} bytes are needed.", nameof(destination));
        destination[..EncodedLength].Clear();
        destination[0] = Version;
        destination[1] = (byte)_key.Length;
        WriteRegister(destination.Slice(2, 8));
        BinaryPrimitives.WriteInt64BigEndian(destination[10..], KeyChangeTouchedAt.UtcTicks);
        _key.CopyTo(destination[18..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(HeaderLength - 2)..], (ushort)Used.Capacity);

        int at = HeaderLength;
        foreach (ulong section in _sections)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)(section >> 32));
            BinaryPrimitives.WriteUInt32BigEndian(destination[(at + 2)..], unchecked((uint)section));
            at += SectionLength;
        }

        foreach (uint minutes in Used.Minutes)
        {
            destination[at] = (byte)(minutes >> 16);
            BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 1)..], (ushort)(minutes & ushort.MaxValue));
            at += TidLength;
        }
    }

    /// <summary>The key, for the meter's cipher. The caller disposes it.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
    public DecoderKey CopyKey() =>
        DecoderKey.TryCreate(_key, out DecoderKey? key) ? key : throw new InvalidOperationException("The key has an impossible length.");

    /// <summary>What is known about the key; never the key.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister and TID store of the payment meter.</remarks>
    public override string ToString() => $"TokenAcceptorState(KT {(int)Register.KeyType}, KRN {Register.KeyRevision}, TI {Register.TariffIndex}, newest TID {Used.Newest})";

    internal ReadOnlySpan<byte> Key => _key;

    internal bool HasSection(int number) => _sections[number - 1] != 0;

    internal KeyChangeSection Section(int number) =>
        KeyChangeSection.TryCreate(number, _sections[number - 1] & ((1UL << 44) - 1), out KeyChangeSection section) ? section : default;

    internal bool HasAnySection => _sections.AsSpan().ContainsAnyExcept(0UL);

    internal TokenAcceptorState WithUsed(TokenIdentifier tid) => new(_key, Register, Used.With(tid), _sections, KeyChangeTouchedAt);

    internal TokenAcceptorState WithSection(KeyChangeSection section, DateTimeOffset now)
    {
        ulong[] sections = [.. _sections];
        sections[section.Number - 1] = ((ulong)section.Number << 44) | section.Body;
        return new TokenAcceptorState(_key, Register, Used, sections, now);
    }

    internal TokenAcceptorState WithoutSections() =>
        HasAnySection ? new TokenAcceptorState(_key, Register, Used, new ulong[SectionCount], default) : this;

    internal TokenAcceptorState WithKey(byte[] key, MeterKeyRegister register, bool forgetIdentifiers) =>
        new(key, register, forgetIdentifiers ? TokenIdentifierStore.Empty(Used.Capacity) : Used, new ulong[SectionCount], default);

    private static ulong ReadUInt48(ReadOnlySpan<byte> bytes) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    // KT, KRN, TI, KEN, base date as an index of two digits, SGC in three bytes.
    private static bool TryReadRegister(ReadOnlySpan<byte> bytes, out MeterKeyRegister register)
    {
        register = default;
        int sgc = (bytes[5] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        bool valid = bytes[0] <= (byte)KeyType.Common
            & KeyRevisionNumber.TryFromValue(bytes[1], out KeyRevisionNumber revision)
            & TariffIndex.TryFromValue(bytes[2], out TariffIndex tariff)
            & BaseDate.TryFromYear(bytes[4] + (bytes[4] >= 93 ? 1900 : 2000), out BaseDate baseDate)
            & SupplyGroupCode.TryFromValue(sgc, out SupplyGroupCode supplyGroup);
        if (valid) register = new MeterKeyRegister((KeyType)bytes[0], revision, tariff, new KeyExpiryNumber(bytes[3]), supplyGroup, baseDate);
        return valid;
    }

    private void WriteRegister(Span<byte> bytes)
    {
        bytes[0] = (byte)Register.KeyType;
        bytes[1] = (byte)Register.KeyRevision.Value;
        bytes[2] = (byte)Register.TariffIndex.Value;
        bytes[3] = Register.KeyExpiry.Value;
        bytes[4] = (byte)Register.BaseDate.TwoDigitYear;
        bytes[5] = (byte)(Register.SupplyGroup.Value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(Register.SupplyGroup.Value & ushort.MaxValue));
    }
}
