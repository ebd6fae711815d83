using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Sts;

namespace Latchkey.Vending.Programmes;

/// <summary>Programmes as JSON: how people write them, and how they are kept.</summary>
public static class KeyProgrammeJson
{
    /// <summary>A longer text is not read.</summary>
    public const int MaxLength = 1024 * 1024;

    public static string Write(KeyProgramme programme) => JsonSerializer.Serialize(Document.Of(programme), KeyProgrammeJsonContext.Default.Document);

    /// <summary>Reads a programme; null and it, or what is wrong with the text, for people.</summary>
    public static string? Read(string text, out KeyProgramme? programme)
    {
        programme = null;
        if (text.Length > MaxLength) return $"a programme has at most {MaxLength} characters";
        try
        {
            KeyProgramme read = (JsonSerializer.Deserialize(text, KeyProgrammeJsonContext.Default.Document) ?? throw new FormatException("there is no programme in it")).ToProgramme();
            if (read.Fault() is { } fault) return fault;
            programme = read;
            return null;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            return e is JsonException json ? $"line {json.LineNumber + 1}: {json.Message.Split(" Path:")[0]}" : e.Message;
        }
    }

    internal sealed record Document(
        [property: JsonRequired] Guid Id, [property: JsonRequired] string Name, [property: JsonRequired] ScopeDocument From, [property: JsonRequired] TargetDocument To,
        bool TakesThirdToken, [property: JsonRequired] IReadOnlyList<CohortDocument> Cohorts)
    {
        public static Document Of(KeyProgramme p) => new(
            p.Id, p.Name, new ScopeDocument(p.From.BaseDate?.Year, p.From.Revision?.Value, p.From.Expiry?.Value),
            new TargetDocument(p.To.Revision.Value, p.To.Expiry.Value, p.To.BaseDate.Year), p.TakesThirdToken, [.. p.Cohorts.Select(CohortDocument.Of)]);

        public KeyProgramme ToProgramme() => new(
            Id, Name, new KeyScope(From.BaseDate is { } year ? BaseDateOf(year) : null, From.Revision is { } number ? RevisionOf(number) : null, From.Expiry is { } expiry ? new KeyExpiryNumber(expiry) : null),
            new KeyTarget(RevisionOf(To.Revision), new KeyExpiryNumber(To.Expiry), BaseDateOf(To.BaseDate)), TakesThirdToken, [.. Cohorts.Select(c => c.ToCohort())]);

        private static BaseDate BaseDateOf(int year) =>
            BaseDate.TryFromYear(year, out BaseDate date) ? date : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{year} is no base date: 1993, 2014 or 2035"));

        private static KeyRevisionNumber RevisionOf(int number) =>
            number is >= 1 and <= 9 ? KeyRevisionNumber.FromValue(number) : throw new FormatException("a key revision is 1 to 9");
    }

    internal sealed record ScopeDocument(int? BaseDate, int? Revision, byte? Expiry);

    internal sealed record TargetDocument([property: JsonRequired] int Revision, [property: JsonRequired] byte Expiry, [property: JsonRequired] int BaseDate);

    internal sealed record CohortDocument(
        [property: JsonRequired] string Name, [property: JsonRequired] DateOnly Starts, [property: JsonRequired] CohortPolicy Policy, [property: JsonRequired] int PerDay, DateOnly? RefuseFrom,
        IReadOnlyList<string>? SupplyGroups, IReadOnlyList<string>? Tariffs, IReadOnlyList<string>? Places, int? BoughtWithinDays, int? NotBoughtForDays,
        DateOnly? CustomerBefore, DateOnly? CustomerFrom)
    {
        public static CohortDocument Of(KeyCohort c) => new(
            c.Name, c.Starts, c.Policy, c.PerDay, c.RefuseFrom, Some(c.Selects.SupplyGroups), Some(c.Selects.Tariffs), Some(c.Selects.Places),
            c.Selects.BoughtWithinDays, c.Selects.NotBoughtForDays, c.Selects.CustomerBefore, c.Selects.CustomerFrom);

        public KeyCohort ToCohort() => new(
            Name,
            new CohortSelection
            {
                SupplyGroups = SupplyGroups ?? [],
                Tariffs = Tariffs ?? [],
                Places = Places ?? [],
                BoughtWithinDays = BoughtWithinDays,
                NotBoughtForDays = NotBoughtForDays,
                CustomerBefore = CustomerBefore,
                CustomerFrom = CustomerFrom,
            },
            Starts, Policy, PerDay, RefuseFrom);

        private static IReadOnlyList<string>? Some(IReadOnlyList<string> names) => names.Count == 0 ? null : names;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(KeyProgrammeJson.Document))]
internal sealed partial class KeyProgrammeJsonContext : JsonSerializerContext;
