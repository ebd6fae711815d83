using Latchkey.Server.Access;
using Latchkey.Server.Languages;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Latchkey.Server.Portal.Meters;

/// <summary>Asks a second operator to approve with a name and password of their own.</summary>
public sealed partial class SecondApproval
{
    private string? _name, _password, _problem;
    private int _tries;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    [Parameter, EditorRequired] public string RequestedBy { get; set; } = string.Empty;

    [Parameter, EditorRequired] public string Question { get; set; } = string.Empty;

    [Inject] private SignInDesk Desk { get; set; } = null!;

    [Inject] private IStringLocalizer<Words> Words { get; set; } = null!;

    private void Approve()
    {
        _tries++;

        // The tries count against the person who asks, wherever that person sits.
        switch (Desk.Try(_name ?? string.Empty, _password ?? string.Empty, "approval:" + RequestedBy))
        {
            case SignInOutcome.Welcome { Account: { Role: PortalRoles.Operator } account } when account.Name != RequestedBy:
                Dialog.Close(DialogResult.Ok(account.Name));
                break;
            case SignInOutcome.Welcome:
                _problem = Words["approval.not-second"];
                break;
            case SignInOutcome.TooMany:
                _problem = Words["approval.too-many"];
                break;
            default:
                _problem = Words["sign-in.wrong"];
                break;
        }
    }
}
