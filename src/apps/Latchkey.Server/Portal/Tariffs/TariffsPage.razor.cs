using System.Globalization;
using Latchkey.Quantities;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Tariffs;

/// <summary>Which prices hold when, what a purchase comes to, and what another tariff would have made of last month.</summary>
public sealed partial class TariffsPage
{
    private string _tariff = "", _before = "", _after = "";
    private string? _amount;
    private DateTime _day;
    private IReadOnlyList<SimulatedBill>? _bills;

    [Inject] private ITariffView View { get; set; } = null!;

    private string[] Ids => [.. View.Versions.Select(t => t.Id).Distinct(StringComparer.Ordinal)];

    private PricedPurchase? Priced => string.IsNullOrWhiteSpace(_amount) ? null : View.Price(_tariff, DateOnly.FromDateTime(_day), _amount);

    protected override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_tariff.Length > 0 || Ids is not [var first, ..]) return ValueTask.FromResult(false);
        (_tariff, _before, _after, _day) = (first, first, Ids[^1], View.Today.ToDateTime(TimeOnly.MinValue));
        return ValueTask.FromResult(true);
    }

    private void Simulate() => _bills = View.Simulate(_before, _after);

    private Money Sum(Func<SimulatedBill, Money> part) => _bills!.Select(part).Aggregate((sum, more) => sum + more);

    private string NameOf(string id) => View.Versions.Last(t => t.Id == id).Name ?? id;

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "…";
}
