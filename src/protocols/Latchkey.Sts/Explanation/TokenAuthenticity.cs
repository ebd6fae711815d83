namespace Latchkey.Sts;

/// <summary>Whether a token's check value is right under a key, and which identifier it carries.</summary>
internal static class TokenAuthenticity
{
    internal static bool IsAuthentic(TokenNumber token, TokenCipher cipher)
    {
        switch (token.Class)
        {
            case TokenClass.CreditTransfer:
                return CreditTokenCodec.HasValidCheckValue(cipher.Decrypt(token.Block));
            case TokenClass.NonMeterSpecificManagement:
                return BlockFields.HasValidCrc(token.Class, token.Block);
            case TokenClass.MeterSpecificManagement:
                return BlockFields.HasValidCrc(token.Class, cipher.Decrypt(token.Block));
            default:
                return false;
        }
    }

    internal static bool TryGetTid(TokenNumber token, TokenCipher cipher, out TokenIdentifier tid)
    {
        tid = default;
        if (token.Class is not (TokenClass.CreditTransfer or TokenClass.MeterSpecificManagement)) return false;
        ulong block = cipher.Decrypt(token.Block);
        bool carries = token.Class == TokenClass.CreditTransfer || ManagementTokenCodec.CarriesTid((ManagementSubClass)BlockFields.SubClass(block));
        if (carries) tid = BlockFields.Tid(block);
        return carries;
    }
}
