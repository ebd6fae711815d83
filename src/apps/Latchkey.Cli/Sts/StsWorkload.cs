using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary>Many tokens of many meters in a row, as a vending server or a re-keying run makes them. Results are folded into one number, so that nothing is left out.</summary>
internal sealed class StsWorkload : IDisposable
{
    private const int Meters = 1_024;

    private readonly VendingKey _vendingKey;
    private readonly DecoderKeyAttributes[] _meters = new DecoderKeyAttributes[Meters];
    private readonly TokenNumber[] _tokens = new TokenNumber[Meters];
    private readonly TokenNumber[] _tokensOfOneMeter = new TokenNumber[Meters];
    private readonly DecoderKey _key = new();
    private readonly TokenCipher _cipher;
    private readonly TokenCipher _anyMeters;
    private uint _next;

    public StsWorkload(VendingKey vendingKey, EncryptionAlgorithm algorithm)
    {
        _vendingKey = vendingKey;
        for (int i = 0; i < Meters; i++)
        {
            string payload = "600727" + (10_000_000_000L + i).ToString(System.Globalization.CultureInfo.InvariantCulture);
            _ = Luhn.TryComputeCheckDigit(payload, out int digit);
            _meters[i] = new DecoderKeyAttributes(
                MeterPan.Parse(payload + (char)('0' + digit)), SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1),
                KeyType.Unique, KeyExpiryNumber.Never, BaseDate.Year2014, algorithm);
        }

        DecoderKeyGeneration.DeriveInto(_vendingKey, _meters[0], _key);
        _cipher = TokenCipher.Create(algorithm, _key);
        _anyMeters = TokenCipher.Create(algorithm, _key);
        for (int i = 0; i < Meters; i++)
        {
            _tokensOfOneMeter[i] = _cipher.Seal(TokenClass.CreditTransfer, NextBlock());
            _tokens[i] = Rekeyed(i).Seal(TokenClass.CreditTransfer, NextBlock());
        }
    }

    public ulong EncodeMany(int count)
    {
        ulong folded = 0;
        for (int i = 0; i < count; i++) folded ^= _cipher.Seal(TokenClass.CreditTransfer, NextBlock()).Block;
        return folded;
    }

    public ulong DecodeMany(int count)
    {
        ulong folded = 0;
        for (int i = 0; i < count; i++) folded += Decode(_cipher, _tokensOfOneMeter[i % Meters]);
        return folded;
    }

    public ulong DeriveAndEncodeMany(int count)
    {
        ulong folded = 0;
        for (int i = 0; i < count; i++) folded ^= Rekeyed(i % Meters).Seal(TokenClass.CreditTransfer, NextBlock()).Block;
        return folded;
    }

    public ulong DeriveAndDecodeMany(int count)
    {
        ulong folded = 0;
        for (int i = 0; i < count; i++) folded += Decode(Rekeyed(i % Meters), _tokens[i % Meters]);
        return folded;
    }

    public void Dispose()
    {
        _key.Dispose();
        _cipher.Dispose();
        _anyMeters.Dispose();
    }

    private static ulong Decode(TokenCipher cipher, TokenNumber token) =>
        CreditTokenCodec.Decode(cipher.Decrypt(token.Block), out CreditToken credit) == TokenResult.Accept
            ? credit.Tid.Minutes + (ulong)credit.Amount.Steps
            : throw new System.Diagnostics.UnreachableException("A token that was made could not be read.");

    private TokenCipher Rekeyed(int meter)
    {
        DecoderKeyGeneration.DeriveInto(_vendingKey, _meters[meter], _key);
        _anyMeters.Rekey(_key);
        return _anyMeters;
    }

    private ulong NextBlock()
    {
        _next = (_next + 1) & TokenIdentifier.MaxMinutes;
        var token = new CreditToken(CreditSubClass.Electricity, (byte)(_next & 0xF), TokenIdentifier.FromMinutes(_next), new TransferAmount((ushort)(_next & ushort.MaxValue)));
        return CreditTokenCodec.Encode(token);
    }
}
