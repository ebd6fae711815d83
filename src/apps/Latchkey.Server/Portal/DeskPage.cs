using Latchkey.Server.Languages;
using Latchkey.Server.Portal.Meters;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Latchkey.Server.Portal;

/// <summary>An operator's page on which some things take two people.</summary>
public abstract class DeskPage : LivePage
{
    [CascadingParameter] private Task<AuthenticationState> Reader { get; set; } = null!;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    [Inject] protected ISnackbar Notes { get; set; } = null!;

    [Inject] protected IStringLocalizer<Words> Words { get; set; } = null!;

    protected override TimeSpan RefreshEvery => TimeSpan.FromSeconds(10);

    /// <summary>The sign-in names of the reader and of a second operator who approves with a password of his own; null where nobody did.</summary>
    protected async Task<(string First, string Second)?> TwoPeopleAsync(string title, string question)
    {
        string first = (await Reader).User.Identity?.Name ?? throw new InvalidOperationException("Nobody is signed in.");
        var parameters = new DialogParameters<SecondApproval> { { dialog => dialog.RequestedBy, first }, { dialog => dialog.Question, question } };
        IDialogReference dialog = await Dialogs.ShowAsync<SecondApproval>(title, parameters);
        return await dialog.Result is { Canceled: false, Data: string second } ? (first, second) : null;
    }

    /// <summary>Says that it was done, or what is wrong and what to do now; then reads again.</summary>
    protected async Task TellAsync(string? refusal, string done)
    {
        Notes.Add(refusal is null ? Words[done] : RefusalOf(refusal), refusal is null ? Severity.Success : Severity.Error);
        await ReadAsync(Closed);
        StateHasChanged();
    }

    protected string RefusalOf(string code) => Known($"refusal.{code}") ?? Words["refusal.other", code];

    protected string? Known(string key) => Words[key] is { ResourceNotFound: false } word ? word.Value : null;
}
