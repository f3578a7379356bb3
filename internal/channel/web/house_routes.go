package web

// houseRoutes are houses, who manages them, and what is off in them.
func (s *Server) houseRoutes() []route {
	return []route{
		{pattern: "GET /houses", do: s.showHouses},
		{pattern: "GET /houses.csv", do: s.housesCSV, rate: rateSuggest},
		{pattern: "GET /house/{id}", do: s.showHouse},
		{pattern: "GET /house/{id}/problems", do: s.showHouseProblems},
		{pattern: "GET /house/{id}/problems.csv", do: s.houseProblemsCSV, rate: rateSuggest},
		{pattern: "GET /companies", do: s.showCompanies},
		{pattern: "GET /companies.csv", do: s.companiesCSV, rate: rateSuggest},
		{pattern: "GET /company/{id}", do: s.showCompany},
		{pattern: "GET /company/{id}/problems", do: s.showCompanyProblems},
		{pattern: "GET /company/{id}/problems.csv", do: s.companyProblemsCSV, rate: rateSuggest},
		{pattern: "GET /outages", do: s.showOutages},
		{pattern: "GET /outages.csv", do: s.outagesCSV, rate: rateSuggest},
		{pattern: "GET /outages.atom", do: s.outagesFeed, rate: rateSuggest},
		{pattern: "GET /known", do: s.tellKnown, rate: rateSuggest},
	}
}
