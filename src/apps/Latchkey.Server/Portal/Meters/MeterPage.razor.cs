using Latchkey.Server.Languages;
using Latchkey.Server.Portal.Orders;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Latchkey.Server.Portal.Meters;

/// <summary>One meter: its face, its figures, its chart, its orders and its events.</summary>
public sealed partial class MeterPage
{
    private MeterModel? _model;
    private bool _missing;

    [Parameter] public string Pan { get; set; } = string.Empty;

    [SupplyParameterFromQuery(Name = "range")] private string? Range { get; set; }

    [CascadingParameter] private Task<AuthenticationState> Reader { get; set; } = null!;

    [Inject] private IMeterView Meters { get; set; } = null!;

    [Inject] private IMeterCommands Commands { get; set; } = null!;

    [Inject] private IOrderView Orders { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    [Inject] private ISnackbar Notes { get; set; } = null!;

    [Inject] private IStringLocalizer<Words> Words { get; set; } = null!;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        MeterModel? model = await MeterModel.ReadAsync(Pan, MeterModel.Parse(Range), Meters, Orders, Clock, cancellationToken);
        _missing = model is null;
        _model = model;
        return true;
    }

    private string Reason(string code) => Known($"reason.{code}", code);

    private string Event(string code) => Known($"event.{code}", code);

    // A code that has no words yet is still shown: hiding it would hide the event.
    private string Known(string key, string code) => Words[key] is { ResourceNotFound: false } word ? word.Value : code;

    private async Task ReadNowAsync()
    {
        string? refusal = await Commands.ReadNowAsync(Pan, Closed);
        Notes.Add(refusal is null ? Words["read-now.sent"] : Words["clear-tamper.refused", Known($"refusal.{refusal}", refusal)], refusal is null ? Severity.Success : Severity.Error);
    }

    private async Task ClearTamperAsync()
    {
        string requestedBy = (await Reader).User.Identity?.Name ?? throw new InvalidOperationException("Nobody is signed in.");
        var parameters = new DialogParameters<SecondApproval> { { dialog => dialog.RequestedBy, requestedBy }, { dialog => dialog.Question, Words["clear-tamper.question"].Value } };
        IDialogReference dialog = await Dialogs.ShowAsync<SecondApproval>(Words["meter.clear-tamper"], parameters);
        if (await dialog.Result is not { Canceled: false, Data: string approvedBy }) return;
        string? refusal = await Commands.ClearTamperAsync(Pan, requestedBy, approvedBy, Closed);
        Notes.Add(refusal is null ? Words["clear-tamper.sent"] : Words["clear-tamper.refused", Known($"refusal.{refusal}", refusal)], refusal is null ? Severity.Success : Severity.Error);
        await ReadAsync(Closed);
    }
}
