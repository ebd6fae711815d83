using Latchkey.Server.Api;
using Latchkey.Vending.Programmes;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.RollOver;

/// <summary>A programme of key changes: how far its cohorts have come, and who goes dark when.</summary>
public sealed partial class RollOverPage
{
    private const int MostRows = 200;
    private IReadOnlyList<ProgrammeName>? _names;
    private ProgrammeSheet? _sheet;
    private IReadOnlyList<DarkRow> _rows = [];

    [Inject] private IProgrammeView Programmes { get; set; } = null!;

    [Inject] private Moment Times { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "programme")] private string? Programme { get; set; }

    [SupplyParameterFromQuery(Name = "cohort")] private string? Cohort { get; set; }

    [SupplyParameterFromQuery(Name = "state")] private string? State { get; set; }

    protected override TimeSpan RefreshEvery => TimeSpan.FromSeconds(5);

    protected override async Task OnParametersSetAsync()
    {
        _names = null;
        await base.OnParametersSetAsync();
    }

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ProgrammeName> names = await Programmes.ListAsync(cancellationToken);
        Guid? id = Guid.TryParse(Programme, out Guid asked) ? asked : names.Count > 0 ? names[0].Id : null;
        ProgrammeSheet? sheet = id is { } programme ? await Programmes.FindAsync(programme, cancellationToken) : null;
        _ = ProgrammeEndpoints.TryReadState(State, out ProgrammeMeterState? state);
        IReadOnlyList<DarkRow> rows = sheet is null ? [] : await Programmes.DarkAsync(sheet.View.Id, NullIfEmpty(Cohort), state, MostRows, cancellationToken) ?? [];
        if (_names is not null && _names.SequenceEqual(names) && ReferenceEquals(_sheet, sheet) && _rows.SequenceEqual(rows)) return false;
        (_names, _sheet, _rows) = (names, sheet, rows);
        return true;
    }

    /// <summary>The page narrowed to a cohort or a state: the filter is in the address, so it can be sent to a colleague.</summary>
    internal static string Address(Guid programme, string? cohort, string? state)
    {
        string address = "/roll-over?programme=" + programme.ToString("D");
        if (!string.IsNullOrEmpty(cohort)) address += "&cohort=" + Uri.EscapeDataString(cohort);
        return string.IsNullOrEmpty(state) ? address : address + "&state=" + Uri.EscapeDataString(state);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static int Percent(int part, int whole) => whole == 0 ? 0 : (int)(100L * part / whole);

    private static string ToneOf(string state) => state switch
    {
        "running" or "proven" or "issued" => "good",
        "dark" or "aborted" or "failed" => "bad",
        "paused" or "planned" => "warn",
        _ => "",
    };
}
