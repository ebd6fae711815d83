using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Simulator.Bench;

/// <summary>Makes tokens for one meter on the bench, under keys that are counted up from a seed and protect nothing.</summary>
internal sealed class TestMint : IDisposable
{
    private readonly TokenCipher _cipher;
    private uint _tid;

    public TestMint(byte keySeed = 1, uint firstTid = 16_000_000, string drn = "01234567890")
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(i => (byte)(((i * 7) + keySeed) % 256))];
        Key = DecoderKey.TryCreate(key, out DecoderKey? made) ? made : throw new InvalidOperationException("A test key has sixteen bytes.");
        _cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, Key);
        _tid = firstTid;
        Attributes = new DecoderKeyAttributes(
            MeterPan.FromDrn(ValidDrn(drn)), SupplyGroupCode.Parse("123456"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1),
            KeyType.Unique, new KeyExpiryNumber(255), BaseDate.Year1993, EncryptionAlgorithm.Ea11);
    }

    /// <summary>For a meter whose key somebody else makes, as a seller does.</summary>
    public TestMint(DecoderKey key, DecoderKeyAttributes attributes, uint firstTid)
    {
        (Key, Attributes, _tid) = (key, attributes, firstTid);
        _cipher = TokenCipher.Create(attributes.Algorithm, key);
    }

    public DecoderKey Key { get; }

    public DecoderKeyAttributes Attributes { get; }

    public TokenNumber Credit(Energy energy)
    {
        if (!TransferAmount.TryFromEnergy(energy, out TransferAmount amount)) throw new ArgumentOutOfRangeException(nameof(energy));
        return _cipher.Seal(TokenClass.CreditTransfer, CreditTokenCodec.Encode(new CreditToken(CreditSubClass.Electricity, 5, NextTid(), amount)));
    }

    public TokenNumber Credit(int wattHours) => Credit(Energy.FromWattHours(wattHours));

    /// <summary>Hundredths of the currency's unit; negative takes back.</summary>
    /// <param name="hundredths">How much is asked for.</param>
    /// <param name="quanta">How much the token says, rounded as tokens are; millionths of the unit.</param>
    public TokenNumber Money(int hundredths, out long quanta)
    {
        const long QuantaPerStep = 1_000_000 / CurrencyAmount.StepsPerUnit;
        if (!CurrencyAmount.TryFromSteps(hundredths * (CurrencyAmount.StepsPerUnit / 100L), out CurrencyAmount amount)) throw new ArgumentOutOfRangeException(nameof(hundredths));
        quanta = (long)amount.Steps * QuantaPerStep;
        return _cipher.Seal(TokenClass.CreditTransfer, CreditTokenCodec.Encode(new CurrencyCreditToken(CreditSubClass.ElectricityCurrency, NextTid(), amount)));
    }

    public TokenNumber ClearTamper() => Management(ManagementSubClass.ClearTamperCondition, 0);

    public TokenNumber ClearCredit() => Management(ManagementSubClass.ClearCredit, 0);

    public TokenNumber Management(ManagementSubClass subClass, ushort value) => _cipher.Seal(
        TokenClass.MeterSpecificManagement, ManagementTokenCodec.Encode(new ManagementToken(subClass, 5, NextTid(), value)));

    /// <summary>The set that gives the meter the key of <paramref name="next"/>.</summary>
    public TokenNumber[] KeyChangeTo(TestMint next) =>
    [
        .. KeyChangeSet.Divide(next.Key, next.Attributes, KeyChangeForm.FourTokens, rollOver: false)
            .Select(s => _cipher.Seal(TokenClass.MeterSpecificManagement, s.Encode())),
    ];

    public void Dispose()
    {
        _cipher.Dispose();
        Key.Dispose();
    }

    private static DecoderReferenceNumber ValidDrn(string payload)
    {
        for (int digit = 0; digit < 10; digit++)
        {
            if (DecoderReferenceNumber.TryParse(payload[..10] + digit.ToString(CultureInfo.InvariantCulture), out DecoderReferenceNumber drn)) return drn;
        }

        throw new InvalidOperationException("No check digit fits.");
    }

    private TokenIdentifier NextTid()
    {
        _tid += 7;
        return TokenIdentifier.FromMinutes(_tid);
    }
}
