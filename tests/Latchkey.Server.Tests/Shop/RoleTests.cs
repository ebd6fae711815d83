namespace Latchkey.Server.Tests.Shop;

/// <summary>Which role may open which page. A page that is not listed here for a role must not open for it.</summary>
public sealed class RoleTests(TwoShops shops) : IClassFixture<TwoShops>
{
    private static readonly string[] Operators = ["/park", "/orders", "/messages", "/vendors", "/vendors/kiosk-a", "/bank", "/keys", "/books", "/tariffs", "/menu"];
    private static readonly string[] Cashiers = ["/shop", "/shop/sales", "/shop/shift", "/shop/statement"];
    private static readonly string[] Tenants = ["/my", "/my/meter", "/my/messages"];

    public static TheoryData<string, string, bool> Pages
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach ((string person, string[] own) in new[] { ("manager", Operators), ("ann", Cashiers), ("tenant", Tenants) })
                foreach (string page in (string[])[.. Operators, .. Cashiers, .. Tenants]) data.Add(person, page, own.Contains(page));
            return data;
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task APage_OpensForItsRoleAlone(string person, string page, bool opens)
    {
        using Browser browser = await shops.BrowserOfAsync(person);
        string html = await browser.ReadAsync(page);
        Assert.Equal(opens, html.Contains("<h1", StringComparison.Ordinal) && !html.Contains("not yours to see", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("manager", "/park")]
    [InlineData("ann", "/shop")]
    [InlineData("tenant", "/my")]
    public async Task TheFirstPage_LeadsToTheRolesOwn(string person, string page)
    {
        using Browser browser = await shops.BrowserOfAsync(person);
        Assert.EndsWith(page, (await browser.GetAsync("/")).Headers.Location!.ToString(), StringComparison.Ordinal);
    }
}
