using System.Buffers.Binary;

namespace Latchkey.Sts;

/// <summary>Puts the sections of a key change together: which are still missing, and what they say once none is.</summary>
/// <remarks>Source: IEC 62055-41:2018, Set1stSectionDecoderKey to Set4thSectionDecoderKey.</remarks>
internal static class KeyChangeAssembly
{
    private const int RollOverFlag = 8;
    private const int ThirdTokenFlag = 4;
    private const int KeyTypeMask = 3;

    internal readonly record struct Outcome(TokenResult Result, byte[] Key, MeterKeyRegister Register, bool RollOver);

    /// <summary>Whether every section is there. For 64-bit keys the first section tells whether a third belongs to the set.</summary>
    internal static bool IsComplete(TokenAcceptorState state, EncryptionAlgorithm algorithm)
    {
        if (!state.HasSection(1) || !state.HasSection(2)) return false;
        return FormOf(state, algorithm) switch
        {
            KeyChangeForm.FourTokens => state.HasSection(3) && state.HasSection(4),
            KeyChangeForm.ThreeTokens => state.HasSection(3),
            _ => true,
        };
    }

    /// <summary>Reads a complete set: Accept, RangeError for a revision, tariff or group that cannot be, KeyTypeError for a move the meter forbids.</summary>
    internal static Outcome Assemble(TokenAcceptorState state, EncryptionAlgorithm algorithm, KeyTypeMoves moves)
    {
        int first = state.Section(1).UpperTwelve;
        int second = state.Section(2).UpperTwelve;
        KeyChangeForm form = FormOf(state, algorithm);
        bool rollOver = (first & RollOverFlag) != 0;
        BaseDate? baseDate = rollOver ? state.Register.BaseDate.Next : state.Register.BaseDate;

        bool inRange = KeyRevisionNumber.TryFromValue((first >> 4) & 0xF, out KeyRevisionNumber revision)
            & TariffIndex.TryFromValue(second & 0xFF, out TariffIndex tariff)
            & SupplyGroupCode.TryFromValue(SupplyGroup(state, form), out SupplyGroupCode supplyGroup)
            & baseDate is not null;
        if (!inRange) return new Outcome(TokenResult.RangeError, [], default, RollOver: false);

        var keyType = (KeyType)(first & KeyTypeMask);
        if (!moves.Allows(state.Register.KeyType, keyType)) return new Outcome(TokenResult.KeyTypeError, [], default, RollOver: false);

        var expiry = new KeyExpiryNumber((byte)((first >> 8 << 4) | (second >> 8)));
        var register = new MeterKeyRegister(keyType, revision, tariff, expiry, supplyGroup, baseDate!.Value);
        return new Outcome(TokenResult.Accept, KeyBytes(state, form), register, rollOver);
    }

    private static KeyChangeForm FormOf(TokenAcceptorState state, EncryptionAlgorithm algorithm) =>
        KeyChangeSet.FormFor(algorithm, takesThirdToken: (state.Section(1).UpperTwelve & ThirdTokenFlag) != 0);

    // A set of two does not tell the group; the meter then shows none.
    private static int SupplyGroup(TokenAcceptorState state, KeyChangeForm form) => form switch
    {
        KeyChangeForm.FourTokens => (state.Section(4).UpperTwelve << 12) | state.Section(3).UpperTwelve,
        KeyChangeForm.ThreeTokens => (int)(state.Section(3).Body >> 20),
        _ => 0,
    };

    private static byte[] KeyBytes(TokenAcceptorState state, KeyChangeForm form)
    {
        byte[] key = new byte[form == KeyChangeForm.FourTokens ? DecoderKey.LongLength : DecoderKey.ShortLength];
        BinaryPrimitives.WriteUInt32BigEndian(key, state.Section(1).KeyPart);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(key.Length - 4), state.Section(2).KeyPart);
        if (form == KeyChangeForm.FourTokens)
        {
            BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(4), state.Section(3).KeyPart);
            BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(8), state.Section(4).KeyPart);
        }

        return key;
    }
}
