using Latchkey.Server.Access;
using Latchkey.Server.Languages;
using Latchkey.Vending;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.Approvals;

/// <summary>What waits for a second person, and the budgets it comes out of. Who presses a button is who signed in.</summary>
public sealed partial class ApprovalsPage
{
    private const int MostLines = 200, MostDecided = 50;
    private IReadOnlyList<ApprovalLine>? _lines;
    private IReadOnlyList<BudgetLine>? _budgets;
    private string _me = string.Empty;
    private string? _problem, _token;
    private bool _busy;

    [CascadingParameter] private Task<AuthenticationState> Reader { get; set; } = null!;

    [Inject] private IApprovalView Approvals { get; set; } = null!;

    [Inject] private IStringLocalizer<Words> Words { get; set; } = null!;

    protected override TimeSpan RefreshEvery => TimeSpan.FromSeconds(3);

    private IReadOnlyList<ApprovalLine> Waiting => [.. _lines!.Where(l => l.State is "open" or "given")];

    private IReadOnlyList<ApprovalLine> Decided => [.. _lines!.Where(l => l.State is not ("open" or "given")).Take(MostDecided)];

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _me = (await PersonAsync()).ToString();
        IReadOnlyList<ApprovalLine> lines = await Approvals.ListAsync(MostLines, cancellationToken);
        IReadOnlyList<BudgetLine> budgets = await Approvals.BudgetsAsync(cancellationToken);
        if (_lines is not null && _budgets is not null && _lines.SequenceEqual(lines) && _budgets.SequenceEqual(budgets)) return false;
        (_lines, _budgets) = (lines, budgets);
        return true;
    }

    private bool IsMine(ApprovalLine line) => line.AskedBy == _me || line.First == _me;

    private async Task GiveAsync(ApprovalLine line) => await DecideAsync(async by => await Approvals.GiveAsync(line.Id, by, Closed));

    private async Task RefuseAsync(ApprovalLine line) => await DecideAsync(async by => await Approvals.RefuseAsync(line.Id, by, Closed));

    private async Task CollectAsync(ApprovalLine line) => await DecideAsync(async _ => await Approvals.CollectAsync(line.Id, Closed));

    private async Task DecideAsync(Func<ApprovalPerson, Task<DecisionAnswer>> decide)
    {
        if (_busy) return;
        (_busy, _problem, _token) = (true, null, null);
        try
        {
            DecisionAnswer answer = await decide(await PersonAsync());
            _problem = answer.IsDone ? null : Known($"refusal.{answer.Code}", answer.Detail ?? answer.Code!);
            _token = answer.Token;
        }
        finally
        {
            _busy = false;
        }

        await ReadAsync(Closed);
    }

    private async Task ReadAgainAsync()
    {
        await ReadAsync(Closed);
        StateHasChanged();
    }

    private static bool IsAct(ApprovalLine line) => ApprovalKinds.TryParse(line.Kind, out ApprovalKind kind) && ApprovalKinds.IsAct(kind);

    private ApprovalWords Say => new(Words);

    /// <summary>Whoever signed in at this very circuit; the role is asked again with every press.</summary>
    private async Task<ApprovalPerson> PersonAsync()
    {
        System.Security.Claims.ClaimsPrincipal user = (await Reader).User;
        return ApprovalPerson.AtPortal(user.Identity?.Name ?? throw new InvalidOperationException("Nobody is signed in."), user.IsInRole(PortalRoles.Operator));
    }

    private string KindWord(string kind) => Say.Kind(kind);

    private string Known(string key, string otherwise) => Words[key] is { ResourceNotFound: false } word ? word.Value : otherwise;

    private static string ToneOf(string state) => state switch
    {
        "given" or "used" => "good",
        "refused" or "expired" => "bad",
        _ => "warn",
    };
}
