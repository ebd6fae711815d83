using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>Finds meters by the number a client uses: an entry's, or the meter's own.</summary>
internal sealed class ElectrumMeters(ElectrumSettings settings, IMeterRecords records, IMeterCards? cards)
{
    /// <summary>Technology 02: a number that is typed.</summary>
    private const string NumericToken = "02";

    private readonly Dictionary<string, ElectrumMeter> _byId = settings.Meters.ToDictionary(m => m.MeterId, StringComparer.Ordinal);

    /// <summary>The entry and the seller's record; null where nobody knows the number.</summary>
    public (ElectrumMeter Meter, MeterRecord Record)? Find(string? meterId)
    {
        if (meterId is null) return null;
        if (_byId.TryGetValue(meterId, out ElectrumMeter? known)) return records.Find(known.Pan) is { } record ? (known, record) : null;
        if (MeterNumber.Read(meterId, out MeterPan pan) is not null || records.Find(pan) is not { } found) return null;
        string name = cards?.Find(pan)?.CustomerName is { Length: > 0 } written ? written : found.CustomerAccount;
        return (new ElectrumMeter(meterId, pan, string.Empty, name, found.Place, settings.Minimum, settings.Maximum, NumericToken, []), found);
    }
}
