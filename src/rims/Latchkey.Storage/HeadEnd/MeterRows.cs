using System.Collections.Immutable;
using System.Globalization;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Meters;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Sts;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.HeadEnd;

/// <summary>Meters to rows and back.</summary>
internal static class MeterRows
{
    private const string AllColumns = """
        pan, wrapped_key, model, coverage, module_kind, module_serial, module_seen_at, last_contact_at, last_channel, rssi_dbm,
        inbound_highest, inbound_seen, outbound_reserved, next_sequence, round_trip_ms, round_trip_deviation_ms, desired_relay,
        desired_parameters, confirmed_parameters, reported_at, import_mwh, credit_milli, relay, power_mw, voltage_mv, current_ma,
        granted_milli, consumed_milli, off_reasons, tamper_bits
        """;

    public static RegisteredMeter? Find(SqliteSession session, MeterPan pan) =>
        session.First($"SELECT {AllColumns} FROM headend_meter WHERE pan = ?1", Read, Columns.Of(pan));

    public static IReadOnlyList<RegisteredMeter> List(SqliteSession session, MeterPan? after, int limit) => session.Query(
        $"SELECT {AllColumns} FROM headend_meter WHERE pan > ?1 ORDER BY pan LIMIT ?2", Read, after is { } pan ? Columns.Of(pan) : -1L, limit);

    // An update, where the row exists: REPLACE would delete it first, and deliveries refer to it.
    public static void Write(SqliteSession session, RegisteredMeter m) => session.Execute(
        $"""
        INSERT INTO headend_meter ({AllColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
            ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30)
        ON CONFLICT (pan) DO UPDATE SET wrapped_key = ?2, model = ?3, coverage = ?4, module_kind = ?5, module_serial = ?6, module_seen_at = ?7,
            last_contact_at = ?8, last_channel = ?9, rssi_dbm = ?10, inbound_highest = ?11, inbound_seen = ?12, outbound_reserved = ?13,
            next_sequence = ?14, round_trip_ms = ?15, round_trip_deviation_ms = ?16, desired_relay = ?17, desired_parameters = ?18,
            confirmed_parameters = ?19, reported_at = ?20, import_mwh = ?21, credit_milli = ?22, relay = ?23, power_mw = ?24, voltage_mv = ?25,
            current_ma = ?26, granted_milli = ?27, consumed_milli = ?28, off_reasons = ?29, tamper_bits = ?30
        """,
        Columns.Of(m.Pan), m.WrappedKey.ToArray(), m.Model, (int)m.Coverage,
        (int?)m.Module?.Kind, m.Module is { } module ? unchecked((long)module.Serial) : null, Columns.Of(m.Module?.SeenAt),
        Columns.Of(m.LastContactAt), m.LastChannel, m.RssiDbm, m.Inbound.Highest, m.Inbound.Seen, m.OutboundReserved, m.NextSequence,
        m.RoundTrip.SmoothedMs, m.RoundTrip.DeviationMs, (int?)m.DesiredRelay, Text(m.DesiredParameters), Text(m.ConfirmedParameters),
        Columns.Of(m.Reported?.At), m.Reported?.Import.MilliwattHours, m.Reported?.CreditMilli, (int?)m.Reported?.Relay,
        m.Reported?.Power.Milliwatts, m.Reported?.Voltage.Millivolts, m.Reported?.CurrentMilliampere, m.Reported?.GrantedMilli,
        m.Reported?.ConsumedMilli, m.Reported?.OffReasons, m.Reported?.TamperBits);

    private static RegisteredMeter Read(SqliteDataReader row) => new()
    {
        Pan = row.Pan(0),
        WrappedKey = (byte[])row.GetValue(1),
        Model = row.GetString(2),
        Coverage = (CoverageClass)row.GetInt32(3),
        Module = row.IsDBNull(4) ? null : new ModuleState((ModuleKind)row.GetByte(4), unchecked((ulong)row.GetInt64(5)), row.Time(6)),
        LastContactAt = row.TimeOrNull(7),
        LastChannel = row.TextOrNull(8),
        RssiDbm = (int?)row.IntegerOrNull(9),
        Inbound = new ReplayWindow((uint)row.GetInt64(10), (uint)row.GetInt64(11)),
        OutboundReserved = (uint)row.GetInt64(12),
        NextSequence = (uint)row.GetInt64(13),
        RoundTrip = new RoundTripEstimate(row.GetInt32(14), row.GetInt32(15)),
        DesiredRelay = (RelayPosition?)(int?)row.IntegerOrNull(16),
        DesiredParameters = Parameters(row.GetString(17)),
        ConfirmedParameters = Parameters(row.GetString(18)),
        Reported = row.IsDBNull(19) ? null : ReadReported(row),
    };

    private static ReportedState ReadReported(SqliteDataReader row) => new(
        row.Time(19),
        Energy.FromMilliwattHours(row.GetInt64(20)),
        row.GetInt64(21),
        (RelayReport)row.GetByte(22),
        Power.FromMilliwatts(row.GetInt64(23)),
        Voltage.FromMillivolts(row.GetInt32(24)),
        row.GetInt64(25),
        row.IntegerOrNull(26),
        row.IntegerOrNull(27),
        (uint?)row.IntegerOrNull(28),
        (uint?)row.IntegerOrNull(29));

    private static string Text(ImmutableSortedDictionary<int, long> parameters) =>
        string.Join(',', parameters.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}")));

    private static ImmutableSortedDictionary<int, long> Parameters(string text)
    {
        var parameters = ImmutableSortedDictionary.CreateBuilder<int, long>();
        foreach (string pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=');
            parameters[int.Parse(parts[0], CultureInfo.InvariantCulture)] = long.Parse(parts[1], CultureInfo.InvariantCulture);
        }

        return parameters.ToImmutable();
    }
}
