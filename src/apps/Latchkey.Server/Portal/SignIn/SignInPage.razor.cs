using Latchkey.Server.Access;
using Latchkey.Server.Languages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.SignIn;

/// <summary>A plain page: the cookie is set by the answer to its form.</summary>
public sealed partial class SignInPage
{
    private string? _problem;

    /// <summary>What the form carries.</summary>
    public sealed class SignInEntry
    {
        public string? Name { get; set; }

        public string? Password { get; set; }
    }

    [CascadingParameter] private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromForm] private SignInEntry? Entry { get; set; }

    [SupplyParameterFromQuery(Name = "back")] private string? Back { get; set; }

    [Inject] private SignInDesk Desk { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private IStringLocalizer<Words> Words { get; set; } = null!;

    private async Task SignInAsync()
    {
        string address = Context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        switch (Desk.Try(Entry?.Name ?? string.Empty, Entry?.Password ?? string.Empty, address))
        {
            case SignInOutcome.Welcome welcome:
                await Context.SignInAsync(SignInDesk.PrincipalOf(welcome.Account));
                Navigation.NavigateTo(LocalAddress.Of(Back), forceLoad: true);
                break;
            case SignInOutcome.TooMany tooMany:
                Context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                _problem = Words["sign-in.too-many", Math.Max(1, (int)Math.Ceiling(tooMany.Wait.TotalMinutes))];
                break;
            default:
                Context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                _problem = Words["sign-in.wrong"];
                break;
        }
    }
}
