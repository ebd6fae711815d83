using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Latchkey.Server.Portal.Layout;

/// <summary>The frame of the operator's pages: a menu at the top, on a phone at the thumb.</summary>
public sealed partial class OperatorLayout
{
    private ErrorBoundary? _boundary;

    [CascadingParameter(Name = "Dark")] private bool Dark { get; set; }

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private string Here => Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    private bool IsHere(MenuLine line) => ("/" + Here).StartsWith(line.Address, StringComparison.Ordinal);

    // A page that has failed must not keep the next one hidden.
    protected override void OnParametersSet() => _boundary?.Recover();
}
