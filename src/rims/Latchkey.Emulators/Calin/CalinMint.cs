using Latchkey.Emulators.Hosting;
using Latchkey.Sts;

namespace Latchkey.Emulators.Calin;

/// <summary>The maker's own vending key and the tokens made with it. Nobody else has the key.</summary>
internal sealed class CalinMint(SeededDraws draws, TimeProvider time) : IDisposable
{
    private readonly VendingKey _key = VendingKey.TryCreate(Convert.FromHexString(draws.Hex(VendingKey.HmacLength)), out VendingKey? key)
        ? key
        : throw new InvalidOperationException("A drawn key is always a key.");
    private readonly Dictionary<string, (DecoderKeyAttributes Key, TokenIdentifier? Last)> _meters = new(StringComparer.Ordinal);

    /// <summary>A meter that left the factory.</summary>
    public void Add(in DecoderKeyAttributes meter) => _meters[meter.Pan.Drn.ToString()] = (meter, null);

    public bool Knows(string meterNumber) => _meters.ContainsKey(meterNumber);

    /// <summary>What the factory put into a meter. The caller disposes of it.</summary>
    public DecoderKey KeyOf(in DecoderKeyAttributes meter) => DecoderKeyGeneration.Derive(_key, meter);

    /// <summary>Null where no token carries exactly so much.</summary>
    public string? Credit(string meterNumber, long tenths) =>
        TransferAmount.TryFromSteps(tenths, out TransferAmount amount) && amount.Steps == tenths
            ? Make(meterNumber, TokenClass.CreditTransfer, (random, tid) => CreditTokenCodec.Encode(new CreditToken(CreditSubClass.Electricity, random, tid, amount)))
            : null;

    public string Clear(string meterNumber, ManagementSubClass kind) =>
        Make(meterNumber, TokenClass.MeterSpecificManagement, (random, tid) => ManagementTokenCodec.Encode(new ManagementToken(kind, random, tid, 0)));

    public void Dispose() => _key.Dispose();

    private string Make(string meterNumber, TokenClass tokenClass, Func<byte, TokenIdentifier, ulong> block)
    {
        (DecoderKeyAttributes meter, TokenIdentifier? last) = _meters[meterNumber];
        var now = DateTime.SpecifyKind(time.GetUtcNow().UtcDateTime, DateTimeKind.Unspecified);
        if (!TokenIdentifier.TryForOrdinaryToken(now, meter.BaseDate, out TokenIdentifier tid)) throw new InvalidOperationException("The clock is outside the token's time.");
        if (last is { } before && tid <= before && !before.TryNext(out tid)) throw new InvalidOperationException("This meter's identifiers have ended.");
        _meters[meterNumber] = (meter, tid);
        using DecoderKey key = KeyOf(meter);
        using TokenCipher cipher = TokenCipher.Create(meter.Algorithm, key);
        return cipher.Seal(tokenClass, block((byte)draws.Below(16), tid)).ToString();
    }
}
