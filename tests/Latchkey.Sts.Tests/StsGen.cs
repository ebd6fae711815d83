using CsCheck;

namespace Latchkey.Sts.Tests;

/// <summary>Generators of valid values of the standard.</summary>
internal static class StsGen
{
    public static readonly Gen<TokenIdentifier> Tid = Gen.UInt[0, TokenIdentifier.MaxMinutes].Select(TokenIdentifier.FromMinutes);

    public static readonly Gen<TransferAmount> Amount = Gen.UShort.Select(field => new TransferAmount(field));

    public static readonly Gen<CurrencyAmount> Currency = Gen.UInt[0, 0xF_FFFF].Select(field => CurrencyAmount.TryFromField(field, out CurrencyAmount amount) ? amount : default);

    public static readonly Gen<byte> Random = Gen.Byte[0, 15];

    public static readonly Gen<CreditToken> Credit = Gen.Select(Gen.Int[0, 3], Random, Tid, Amount, (s, r, t, a) => new CreditToken((CreditSubClass)s, r, t, a));

    public static readonly Gen<CurrencyCreditToken> CurrencyCredit = Gen.Select(Gen.Int[4, 7], Tid, Currency, (s, t, a) => new CurrencyCreditToken((CreditSubClass)s, t, a));

    public static readonly Gen<ManagementToken> Management = Gen.Select(
        OneOf(0, 1, 2, 5, 6, 7, 10), Random, Tid, Gen.UShort, (s, r, t, v) => new ManagementToken((ManagementSubClass)s, r, t, v));

    public static readonly Gen<TokenNumber> AnyToken = Gen.Select(Gen.Int[0, 3], Gen.ULong, (c, b) => TokenNumber.FromBlock((TokenClass)c, b));

    public static readonly Gen<MeterPan> Pan = Gen.Long[0, 99_999_999_999_999_999].Select(n =>
    {
        string payload = n.ToString("D17");
        Assert.True(Luhn.TryComputeCheckDigit(payload, out int digit));
        return MeterPan.Parse(payload + digit);
    });

    public static readonly Gen<DecoderKeyAttributes> Attributes = Gen.Select(
        Pan, Gen.Int[0, 999_999], Gen.Int[0, 99], Gen.Int[1, 9], Gen.Int[0, 3], Gen.Byte, Gen.Int[0, 2], OneOf(7, 11),
        (pan, sgc, ti, krn, kt, ken, date, ea) => new DecoderKeyAttributes(
            pan, SupplyGroupCode.Parse(sgc.ToString("D6")), TariffIndex.Parse(ti.ToString("D2")), KeyRevisionNumber.FromValue(krn), (KeyType)kt,
            new KeyExpiryNumber(ken), date == 0 ? BaseDate.Year1993 : date == 1 ? BaseDate.Year2014 : BaseDate.Year2035, (EncryptionAlgorithm)ea));

    private static Gen<int> OneOf(params int[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static DecoderKey Key(params byte[] bytes) => DecoderKey.TryCreate(bytes, out DecoderKey? key) ? key : throw new ArgumentException("8 or 16 bytes", nameof(bytes));
}
